// What calls for attention, worst first.

import { el } from "../dom.js";
import { label, lotHref } from "../names.js";
import { chip } from "../table.js";
import { moment, spaced } from "../words.js";

export function signals(lot) {
  const found = lot.signals;
  return el("section", { class: "part", "aria-labelledby": "signals" }, el("h2", { id: "signals" }, "What calls for attention"),
    found.length ? el("ol", { class: "signals" }, found.map((one) => line(one, lot)))
      : el("p", { class: "note" }, "Nothing that was measured, inspected or analysed is beyond its limits, and no time with limits is unknown."));
}

function line(one, lot) {
  const other = one.uri !== lot.item.uri;
  const mine = lot.incidents.find((incident) => incident.quantity_kind === one.subject && incident.cleared_at === null);
  return el("li", { class: one.severity }, chip(one.severity),
    el("span", { class: "what" }, el("b", {}, sentence(one.message)), other ? [one.facts.inherited ? ", in " : ", of ", el("a", { href: lotHref(one.uri) }, label(one.uri).id), one.facts.inherited ? ", which it is made of" : ""] : ""),
    el("small", {}, [spaced(one.kind), one.since ? `since ${moment(one.since)}` : "", mine ? (mine.owner ? `seen to by ${mine.owner}` : "nobody sees to it yet") : ""].filter(Boolean).join(" · ")));
}

const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
