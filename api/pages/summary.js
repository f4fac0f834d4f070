// The top of a trace: what the item is, what is wrong with it or with what it is made of, and how far its events have come.

import { el } from "./dom.js";
import { inspectionWords } from "./inspections.js";
import { bareId, fullName, href, label, lotHref, organisationName, placeName, plain } from "./names.js";
import { card, outsideWords, readIn, sourceWords, strip } from "./quality.js";
import { counted, duration, kindWord, localTime, moment, spaced, stepWord, words } from "./words.js";

const MOST = 4;

export function head(trace, marks, showWrong) {
  const { id, name } = label(trace.item.uri);
  const product = name && name !== trace.item.element_string ? name : "";
  return el("section", { class: "head" },
    el("p", { class: "kind" }, kindWord(trace.item.kind)),
    el("h1", {}, product ? `${product}, ${id}` : bareId(id)),
    el("p", {}, el("code", {}, trace.item.element_string)),
    el("ul", { class: "alerts" }, alerts(trace, marks, showWrong)),
    el("p", {}, lastSeen(trace)), el("p", {}, progress(trace), " ", el("a", { href: "#check" }, "Check it yourself")),
    ["lot", "serial", "logistic_unit"].includes(trace.item.kind) ? el("p", {}, el("a", { href: lotHref(trace.item.uri) }, "Everything about its quality, on one screen")) : null,
    trace.withheld ? el("p", { class: "note" }, "Sealed events are not shown here; they are shown with an API key.") : null);
}

function alerts(trace, { because, inherited, held }, showWrong) {
  const own = because.get(trace.item.uri) ?? [];
  const others = [...because.keys()].filter((uri) => uri !== trace.item.uri);
  const found = [...(held.get(trace.item.uri) ?? []).map((hold) => el("li", { class: "bad held" }, holdWords(hold, trace.item.uri))), ...worstFirst(own).slice(0, MOST).map((reason) => el("li", { class: "bad" }, reasonWords(reason)))];
  if (inherited.has(trace.item.uri)) found.push(el("li", { class: "bad" }, "Made of something that was marked before: ", links(inherited.get(trace.item.uri), showWrong)));
  if (others.length) found.push(el("li", { class: "warn" }, othersWords(others.map((uri) => because.get(uri))), links(others, showWrong)));
  const gaps = unknownOf(trace), unread = unreadOf(trace);
  found.push(...gaps.map(([kind, seconds]) => el("li", { class: "gap" }, `${spaced(kind)}: nothing is known for ${duration(seconds)} of its way.`)));
  if (unread.length) found.push(el("li", { class: "gap" }, `${unread.map(spaced).join(", ")}: there are limits, but no readings.`));
  if (trace.cuts.length) found.push(el("li", { class: "warn" }, `There is more than is shown here, at ${counted(trace.cuts.length, "item")}: `, links(trace.cuts.map((cut) => cut.item))));
  const judged = trace.quality.some((step) => step.item === trace.item.uri && step.verdict === "in_range");
  if (!found.length && judged) found.push(el("li", { class: "good" }, "Always within its limits, and so was everything in this trace that was measured."));
  return found;
}

function holdWords(hold, uri) {
  const said = `since ${moment(hold.placed_at)}, by ${plain(hold.placed_by)}: ${plain(hold.reason)}`;
  return hold.held_by === uri ? `On hold ${said}` : ["Made of, or together with, ", el("a", { href: lotHref(hold.held_by) }, label(hold.held_by).id), `, which is on hold ${said}`];
}

function othersWords(marked) {
  const kinds = new Set(marked.flat().map(({ step, inspection }) => (step ? `${spaced(step.quantity_kind)} outside limits` : `failed ${spaced(inspection.characteristic)}`)));
  return `${marked.length === 1 ? "Another item" : `${marked.length} other items`} in this trace: ${[...kinds].join(", ")}: `;
}

const worstFirst = (reasons) => [...reasons].sort((a, b) => (b.step?.seconds_outside ?? Infinity) - (a.step?.seconds_outside ?? Infinity));

function reasonWords({ step, inspection }) {
  if (inspection) return `Failed an inspection: ${inspectionWords(inspection)}, by ${inspection.inspector}.`;
  return `${spaced(step.quantity_kind)} ${outsideWords(step, true)}, ${step.item === step.sources[0] ? "measured " : ""}${sourceWords(step)}.`;
}

function links(uris, showAll) {
  const shown = uris.slice(0, MOST).map((uri, i) => [i ? ", " : "", el("a", { href: href(uri), title: fullName(uri) }, label(uri).id)]);
  if (uris.length <= MOST) return [...shown, "."];
  const more = el("a", { href: "#items" }, `${uris.length - MOST} more`);
  if (showAll) more.addEventListener("click", showAll);
  return [...shown, " and ", more, "."];
}

function unreadOf(trace) {
  const isRead = readIn(trace);
  const own = trace.quality.filter((step) => step.item === trace.item.uri && step.verdict !== "no_limit" && !isRead(step));
  return [...new Set(own.map((step) => step.quantity_kind))];
}

function unknownOf(trace) {
  const isRead = readIn(trace);
  const own = trace.quality.filter((step) => step.item === trace.item.uri && step.seconds_unknown >= 0.5 && step.verdict !== "no_limit" && isRead(step));
  return [...Map.groupBy(own, (step) => step.quantity_kind)].map(([kind, steps]) => [kind, steps.reduce((sum, step) => sum + step.seconds_unknown, 0)]);
}

function lastSeen(trace) {
  const naming = trace.events.filter((event) => !event.corrected_by.length && event.mentions.some((mention) => mention.item === trace.item.uri));
  const last = naming.at(-1);
  if (!last) return "No event that is shown names it itself.";
  const when = localTime(last.event_time, last.event_time_zone_offset);
  const where = placeName(last.biz_location ?? last.read_point) || organisationName(last.organisation);
  return ["Last event that names it: ", el("b", {}, stepWord(last)), `, ${where}, ${when.date} ${when.time} ${when.offset}`, last.disposition ? ` (${words(last.disposition)})` : "", "."];
}

function progress(trace) {
  const organisations = new Set(trace.events.map((event) => event.organisation.uri)).size;
  const unfinished = trace.events.filter((event) => event.state !== "final").length;
  const state = unfinished ? `${unfinished} of them not final on the chain yet` : "all of them final on the chain";
  return `${counted(trace.events.length, "event")} by ${counted(organisations, "organisation")}, ${state}.`;
}

// The whole way of the traced item, one strip per quantity kind, each step's shares in the order of the steps.
export function journey(trace) {
  const order = new Map(trace.events.map((event, i) => [event.commitment, i]));
  const own = trace.quality.filter((step) => step.item === trace.item.uri).sort((a, b) => order.get(a.commitment) - order.get(b.commitment));
  const kinds = [...Map.groupBy(own, (step) => `${step.quantity_kind} ${step.unit}`).values()].filter((steps) => steps.some((step) => step.count))
    .sort((a, b) => limitsIn(b) - limitsIn(a));
  if (!kinds.length) return null;
  return el("section", { "aria-labelledby": "measured" }, el("h2", { id: "measured" }, "What was measured on its way"),
    el("div", { class: "journeys" }, kinds.map((steps) => el("div", { class: "journey" }, wholeStrip(steps)))),
    !own.some((step) => step.verdict !== "no_limit") ? null : el("p", { class: "legend" }, el("span", { class: "key box inside" }, "within limits"), el("span", { class: "key box beyond" }, "outside limits"), el("span", { class: "key box unknown" }, "unknown: no reading says anything")));
}

const limitsIn = (steps) => steps.filter((step) => step.verdict !== "no_limit").length;

function wholeStrip(steps) {
  const total = (name) => steps.reduce((sum, step) => sum + (step[name] ?? 0), 0);
  const lowest = Math.min(...steps.filter((step) => step.count).map((step) => step.minimum));
  const highest = Math.max(...steps.filter((step) => step.count).map((step) => step.maximum));
  const limited = steps.filter((step) => step.verdict !== "no_limit");
  const verdict = ["outside", "unknown", "in_range"].find((name) => limited.some((step) => step.verdict === name)) ?? "no_limit";
  const whole = { ...steps[0], ...(limited[0] ?? {}), verdict, minimum: lowest, maximum: highest, mean_kinetic_temperature: null, sources: [] };
  for (const name of ["count", "seconds_inside", "seconds_outside", "seconds_unknown", "seconds_above", "seconds_below"]) whole[name] = total(name);
  const node = card(whole, steps[0].item);
  node.querySelector(".strip")?.replaceWith(strip(limited));
  return node;
}
