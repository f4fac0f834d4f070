// The events in the order in which they happened, each with who vouches for it, its state, and the quality measured.

import { el } from "./dom.js";
import { qualityCell } from "./quality.js";
import { localTime, shortName, shortestName, stateMeaning, words } from "./words.js";

const FIRST = 200;

export function timeline(trace) {
  const measured = Map.groupBy(trace.quality ?? [], (step) => step.commitment);
  const events = [...trace.events].sort((a, b) => (a.event_time < b.event_time ? -1 : 1));
  const list = el("ol", { class: "timeline" }, ...events.slice(0, FIRST).map((event) => entry(event, trace, measured)));
  const section = el("section", {}, el("h2", {}, "What happened"), list);
  if (events.length > FIRST) {
    const more = el("button", { class: "more" }, `Show the other ${events.length - FIRST} events`);
    more.addEventListener("click", () => {
      list.append(...events.slice(FIRST).map((event) => entry(event, trace, measured)));
      more.remove();
    });
    section.append(more);
  }
  return section;
}

function entry(event, trace, measured) {
  const when = localTime(event.event_time, event.event_time_zone_offset);
  const steps = measured.get(event.commitment) ?? [];
  const wrong = event.corrected_by.length > 0;
  return el("li", { class: `event ${wrong ? "corrected" : ""}` },
    el("div", { class: "when" }, el("b", {}, when.date), el("span", {}, `${when.time} `, el("small", {}, when.offset))),
    el("div", { class: "what" },
      el("h3", {}, title(event), wrong ? el("span", { class: "flag" }, "declared wrong") : null,
        event.is_error_declaration ? el("span", { class: "flag" }, "declares an earlier event wrong") : null,
        event.conflicts_with.length ? el("span", { class: "flag" }, "conflicting contents under one eventID") : null),
      el("p", { class: "items" }, itemsLine(event, trace)),
      el("p", { class: "where" }, place(event), el("span", { title: event.organisation.uri }, event.organisation.name || shortName(event.organisation.uri))),
      details(event)),
    el("div", { class: "measured" }, ...steps.map(qualityCell)),
    el("div", { class: `state ${event.state}`, title: stateMeaning(event.state) }, event.state));
}

const title = (event) => words(event.biz_step) || words(event.type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase());

function itemsLine(event, trace) {
  const text = (role, before) => {
    const of = event.mentions.filter((mention) => mention.role === role);
    if (!of.length) return [];
    const traced = of.find((mention) => mention.item === trace.item.uri) ?? of[0];
    const more = of.length > 1 ? ` and ${of.length - 1} more` : "";
    const amount = traced.quantity !== null && traced.quantity !== undefined ? ` ${traced.quantity} ${traced.uom ?? ""}` : "";
    return [before, el("a", { href: `/?item=${encodeURIComponent(traced.item)}`, title: shortName(traced.item) }, shortestName(traced.item)), `${amount}${more} `];
  };
  return el("span", {}, ...text("epc", ""), ...text("child", ""), ...text("parent", "in "), ...text("input", "from "), ...text("output", "to "));
}

function place(event) {
  const at = event.biz_location ?? event.read_point;
  return at ? el("span", { title: at }, shortName(at)) : null;
}

function details(event) {
  const record = event.record;
  const rows = [
    ["eventID", event.event_id], ["commitment", event.commitment], ["disposition", words(event.disposition)],
    ["record", record ? `batch ${record.sequence}, index ${record.batch_index}, block ${record.block_number}` : "none yet"],
    ["transaction", record?.transaction_hash], ["kind", event.is_open ? "open" : "sealed"],
  ];
  const list = el("dl", {}, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));
  const proof = record ? el("a", { href: `/proofs/${event.commitment}`, download: `${event.commitment.slice(0, 14)}.bundle.json` }, "Download the proof") : null;
  return el("details", {}, el("summary", {}, "record and proof"), list, proof);
}
