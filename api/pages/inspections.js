// Inspections: passed, failed, or only a value.

import { el } from "./dom.js";
import { href, label } from "./names.js";
import { amount, spaced } from "./words.js";

export const outcome = (inspection) => ({ true: "passed", false: "failed" })[inspection.passed] ?? "";
const value = (inspection) => (inspection.value === null ? "" : amount(inspection.value, inspection.unit));

export const inspectionWords = (inspection) =>
  [spaced(inspection.characteristic), value(inspection)].filter(Boolean).join(" ");

export function inspectionLine(inspection) {
  return el("p", { class: `inspection ${outcome(inspection)}` }, el("b", {}, outcome(inspection) === "failed" ? "✕ " : outcome(inspection) ? "✓ " : "· "),
    [inspectionWords(inspection), outcome(inspection)].filter(Boolean).join(" "), el("small", {}, ` ${inspection.inspector}, `, el("a", { href: href(inspection.item) }, label(inspection.item).id)));
}
