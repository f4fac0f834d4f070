// One event of the timeline.

import { el } from "./dom.js";
import { inspectionLine } from "./inspections.js";
import { measured } from "./quality.js";
import { href, label, organisationName, placeName } from "./names.js";
import { downloadLink } from "./server.js";
import { amount, isBad, localTime, STATES, stepWord, words } from "./words.js";

export function entry(event, context) {
  const when = localTime(event.event_time, event.event_time_zone_offset);
  const steps = context.steps.get(event.commitment) ?? [];
  const wrong = event.corrected_by.length > 0;
  return el("li", { class: `event ${wrong ? "corrected" : ""}`, id: event.commitment },
    el("time", { class: "when", datetime: event.event_time }, el("b", {}, when.date), ` ${when.time} `, el("small", {}, when.offset)),
    el("div", { class: "what" },
      el("h3", {}, el("span", { class: "step" }, stepWord(event)), disposition(event)),
      flags(event),
      el("p", { class: "items" }, sentence(event, context)),
      el("p", { class: "where" }, [placeName(event.biz_location ?? event.read_point), organisationName(event.organisation)].filter(Boolean).join(" · ")),
      details(event)),
    el("div", { class: "measured" }, (context.inspections.get(event.commitment) ?? []).sort(failedFirst).slice(0, 4).map(inspectionLine), measured(steps, context.trace.item.uri, context.isRead)),
    el("div", { class: `state ${event.state}`, title: STATES[event.state] }, event.state));
}

const failedFirst = (a, b) => (a.passed === false ? 0 : 1) - (b.passed === false ? 0 : 1);

const disposition = (event) =>
  event.disposition ? el("span", { class: `tag ${isBad(event.disposition) ? "bad" : ""}`, title: "disposition" }, words(event.disposition)) : null;

function flags(event) {
  const links = (commitments) => commitments.map((each, i) => [i ? ", " : " ", el("a", { href: `#${each}` }, `${each.slice(0, 10)}…`)]);
  return [
    event.corrected_by.length ? el("p", { class: "flag" }, "Declared wrong by its own organisation:", links(event.corrected_by)) : null,
    event.is_error_declaration ? el("p", { class: "flag" }, "Declares an earlier event wrong.") : null,
    event.conflicts_with.length ? el("p", { class: "flag" }, "Another event bears the same eventID with other contents:", links(event.conflicts_with)) : null,
  ];
}

// What happened to what, as one sentence; of long lists what matters to this trace, the rest counted.
function sentence(event, context) {
  const list = (role, none) => named(event.mentions.filter((mention) => mention.role === role), context) ?? none;
  const has = (role) => event.mentions.some((mention) => mention.role === role);
  const out = event.action === "DELETE";
  const parts = [list("epc")];
  if (has("parent") || has("child")) {
    const [what, where] = [list("child", "everything"), list("parent")];
    parts.push(where ? [what, out ? " out of " : " into ", where] : [what]);
  }
  if (has("input")) parts.push(["from ", list("input")]);
  if (has("output")) parts.push([has("input") ? " made " : "made ", list("output")]);
  return parts.flat(3).filter(Boolean);
}

function named(mentions, { trace, known }) {
  if (!mentions.length) return undefined;
  const rank = (mention) => (mention.item === trace.item.uri ? 0 : known.has(mention.item) ? 1 : 2);
  const ordered = [...mentions].sort((a, b) => rank(a) - rank(b));
  const more = ordered.length - 2;
  const shown = more > 1 ? ordered.slice(0, 1) : ordered;
  return [...shown.map((mention, i) => [i ? ", " : "", one(mention)]), ordered.length > shown.length ? ` and ${ordered.length - shown.length} more` : ""];
}

function one(mention) {
  const { id, name } = label(mention.item);
  const much = mention.quantity === null ? "" : `${amount(mention.quantity, mention.uom)} of `;
  return [much, el("a", { href: href(mention.item) }, id), name ? el("small", {}, ` ${name}`) : ""];
}

function details(event) {
  const record = event.record;
  const rows = [
    ["eventID", event.event_id], ["commitment", event.commitment],
    ["in the ledger", record ? `batch ${record.sequence} of ${organisationName(event.organisation)}, place ${record.batch_index}` : "not recorded yet"],
    ["block", record && `${record.block_number}, ${record.block_hash}`], ["transaction", record?.transaction_hash],
    ["seen on the chain", event.is_open ? "open: its items' keys are public there" : "sealed: only its fingerprint is there"],
    ["declared by", organisationName(event.organisation) + `, ${event.organisation.uri}`],
  ];
  const list = el("dl", {}, rows.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));
  const proof = record ? el("p", {}, downloadLink("Download the proof of this event", `/proofs/${event.commitment}`)) : null;
  const everything = event.mentions.length > 2 ? el("p", {}, `All ${event.mentions.length} items: `, event.mentions.slice(0, 200).map((mention, i) => [i ? ", " : "", el("a", { href: href(mention.item) }, label(mention.item).id)])) : null;
  return el("details", {}, el("summary", {}, event.is_open ? "open · record and proof" : "sealed · record and proof"), list, everything, proof);
}
