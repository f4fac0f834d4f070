// The links of a genealogy as a table: everything that the picture only hints at, for readers of screens and of recalls.

import { button, el } from "./dom.js";
import { href, label, organisationName } from "./names.js";
import { amount, counted, RELATIONS, VERDICTS } from "./words.js";

const FIRST = 100;

export function edgeTable(trace) {
  if (!trace.edges.length) return null;
  const details = el("details", { class: "edges" }, el("summary", {}, `${counted(trace.edges.length, "link")} as a table: amounts, and whose word they are`));
  details.addEventListener("toggle", () => details.open && details.childElementCount === 1 && details.append(table(trace.edges)));
  return details;
}

function table(edges) {
  const body = el("tbody", {}, edges.slice(0, FIRST).map(row));
  const head = ["from", "", "to", "amount", "how sure", "whose word"].map((name) => el("th", { scope: "col" }, name));
  const frame = el("div", { class: "scroll", tabindex: "0" }, el("table", {}, el("thead", {}, el("tr", {}, head)), body));
  if (edges.length <= FIRST) return frame;
  const more = button(`Show the other ${edges.length - FIRST}`, () => (body.append(...edges.slice(FIRST).map(row)), more.remove()));
  return el("div", {}, frame, more);
}

const row = (edge) => el("tr", {},
  el("td", {}, item(edge.source)), el("td", {}, RELATIONS[edge.relation]), el("td", {}, item(edge.target)),
  el("td", { class: "number" }, edge.quantity === null ? "" : amount(edge.quantity, edge.uom)), el("td", {}, edge.certainty),
  el("td", {}, `${organisationName(edge.claimant)}: ${VERDICTS[edge.verdict]}`));

function item(uri) {
  const { id, name } = label(uri);
  return [el("a", { href: href(uri) }, id), name ? el("small", {}, ` ${name}`) : null];
}
