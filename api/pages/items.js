// All items of a trace as a table, for whoever must find them: what each is, what is wrong with it, and where it was last.

import { csv } from "./csv.js";
import { button, el } from "./dom.js";
import { inspectionWords } from "./inspections.js";
import { kinship } from "./kinship.js";
import { MARKS } from "./marks.js";
import { elementString, href, label, organisationName, placeName } from "./names.js";
import { outsideWords, sourceWords } from "./quality.js";
import { save } from "./server.js";
import { localTime, spaced, stepWord } from "./words.js";

const FIRST = 12;
const COLUMNS = ["product", "identifier", "belongs", "how sure", "problem", "last event", "where", "when"];
const TITLES = { belongs: "upstream: the traced item comes from it; downstream: it was made of the traced item, or holds it; beside: neither" };

// {section, showWrong}: the second shows all that has something wrong, for links that promise it.
export function items(trace, marks) {
  const rows = rowsOf(trace, marks);
  const filters = [["All", () => true], ["Downstream", (row) => row.belongs === "downstream"], ["Something wrong", (row) => row.problem]]
    .filter(([, test], i) => !i || rows.some(test));
  const body = el("tbody", {}), more = el("p", {});
  let chosen = rows;
  const choose = (which, whole = false) => {
    const index = Math.max(0, filters.findIndex(([name]) => name === which));
    buttons.forEach((each, i) => each.setAttribute("aria-pressed", String(i === index)));
    chosen = rows.filter(filters[index][1]);
    fill(body, more, chosen, whole);
  };
  const buttons = filters.map(([name, test]) => button(`${name} (${rows.filter(test).length})`, () => choose(name), { "aria-pressed": "false" }));
  const download = button("Download as CSV", () => save(csv(COLUMNS, chosen.map((row) => COLUMNS.map((column) => row[column]))), "items.csv"), { class: "plain" });
  choose("All");
  const head = el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col", title: TITLES[name] }, name))));
  const section = el("section", { id: "items", "aria-labelledby": "items-title" }, el("h2", { id: "items-title" }, "Items of this trace"),
    el("div", { class: "filters", role: "group", "aria-label": "Which items" }, buttons, download),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Items" }, el("table", {}, head, body)), more);
  return { section, showWrong: () => choose("Something wrong", true) };
}

function fill(body, more, rows, whole) {
  const first = whole ? rows.length : FIRST;
  body.replaceChildren(...rows.slice(0, first).map(drawn));
  more.replaceChildren();
  if (rows.length > first) more.append(button(`Show the other ${rows.length - first}`, () => fill(body, more, rows, true), { class: "plain" }));
}

const drawn = (row) => el("tr", {}, COLUMNS.map((column) =>
  el("td", { class: column === "problem" && row.problem ? "bad" : null }, column === "identifier" ? el("a", { href: href(row.uri) }, row.identifier) : row[column])));

function rowsOf(trace, marks) {
  const kin = kinship(trace), last = lastEvents(trace);
  return trace.items.map(({ uri }) => {
    const { way, certain } = kin.get(uri) ?? { way: "beside" };
    const { id, name, isNamed } = label(uri);
    const sure = certain === undefined ? "" : certain ? "certain" : "possible";
    return { uri, product: isNamed ? id : name, identifier: elementString(uri), belongs: way, "how sure": sure, problem: problem(uri, marks), ...seen(last.get(uri)) };
  }).sort((a, b) => rank(a) - rank(b) || a.product.localeCompare(b.product) || a.identifier.localeCompare(b.identifier, "en", { numeric: true }));
}

const WAYS = ["itself", "downstream", "upstream", "beside"];
const rank = (row) => WAYS.indexOf(row.belongs) * 2 + (row.problem ? 0 : 1);

// Of each kind the worst.
function problem(uri, { because, inherited, held }) {
  const reasons = because.get(uri) ?? [];
  const kinds = Map.groupBy(reasons.filter(({ step }) => step), ({ step }) => step.quantity_kind);
  const steps = [...kinds.values()].map((alike) => alike.map(({ step }) => step).reduce((worst, step) => (step.seconds_outside > worst.seconds_outside ? step : worst)));
  const own = [...steps.map((step) => `${spaced(step.quantity_kind)} ${outsideWords(step, true)}, ${sourceWords(step)}`),
    ...reasons.filter(({ inspection }) => inspection).map(({ inspection }) => `failed ${inspectionWords(inspection)}`)];
  return [...(held.has(uri) ? ["on hold"] : []), ...new Set(own), ...(inherited.has(uri) ? [MARKS.inherited] : [])].join("; ");
}

// Of each item the last event that names it and was not declared wrong.
function lastEvents(trace) {
  const last = new Map();
  const right = trace.events.filter((event) => !event.corrected_by.length).sort((a, b) => Date.parse(a.event_time) - Date.parse(b.event_time));
  for (const event of right) for (const { item } of event.mentions) last.set(item, event);
  return last;
}

function seen(event) {
  if (!event) return { "last event": "", where: "", when: "" };
  const { date, time, offset } = localTime(event.event_time, event.event_time_zone_offset);
  const where = placeName(event.biz_location ?? event.read_point) || organisationName(event.organisation);
  return { "last event": stepWord(event), where, when: `${date} ${time} ${offset}` };
}
