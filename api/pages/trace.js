// The start, and the trace of one item as a genealogy and a timeline with the quality beside it.

import { el } from "./dom.js";
import { graph } from "./graph.js";
import { items } from "./items.js";
import { marksOf } from "./marks.js";
import { href, label, plain } from "./names.js";
import { proof } from "./proof.js";
import { get } from "./server.js";
import { head, journey } from "./summary.js";
import { timeline } from "./timeline.js";

// the demonstration's, and one of nobody
const [SHOWN, ANY] = ["(01)09521003003504(21)1101", "(01)09506000134352(21)12345"];

export const waiting = (asked) => (asked.get("item") ? "Tracing …" : "");
export const ask = (asked) => (asked.get("item") ? get(`/trace/${encodeURIComponent(asked.get("item"))}`) : Promise.resolve(null));

export function draw(main, trace, { start, state }) {
  if (!trace) return showStart(main, start, state);
  if (!trace.events.length) return showNothing(main, trace, start);
  const marks = marksOf(trace);
  const { id, name } = label(trace.item.uri);
  document.title = `${id}${name ? `, ${name}` : ""} · Lotmark`;
  const table = items(trace, marks);
  main.replaceChildren(...[head(trace, marks, table.showWrong), graph(trace, marks), journey(trace), table.section, timeline(trace), proof(trace, state?.chain)].filter(Boolean));
}

function showNothing(main, trace, start) {
  document.title = "Nothing recorded · Lotmark";
  main.replaceChildren(el("section", { class: "head" }, el("h1", {}, trace.withheld ? "Nothing to show without a key" : "Nothing is recorded about this here"),
    el("p", {}, el("code", {}, trace.item.element_string)),
    el("p", {}, trace.withheld ? "Nothing that you may see names it. Sealed events are shown with an API key."
      : "The identifier is well formed, but no event in this ledger names it. That does not say that it is false: its maker may not record here, or a digit may be mistyped.")), cards(start));
}

function showStart(main, start, state) {
  const empty = state && Object.values(state.events).every((count) => count === 0);
  const intro = el("section", { class: "head" }, el("h1", {}, "Where does it come from, and where did it go?"),
    el("p", {}, "Enter the full identifier of a product, its lot or its pallet, such as ", el("code", {}, start.demonstration ? SHOWN : ANY), ", an EPC URN or a GS1 Digital Link."),
    empty ? el("p", { class: "next" }, "This ledger is empty. Next: ", el("code", {}, "lotmark submit FILE"), " captures the events of an EPCIS 2.0 document or a CSV file; then look one of its items up here.") : null);
  main.replaceChildren(...[intro, cards(start)].filter(Boolean));
}

export function cards({ showcase }, link = href) {
  if (!showcase.length) return "";
  return el("section", { "aria-labelledby": "examples" }, el("h2", { id: "examples" }, "Worth a look"),
    el("ul", { class: "cards" }, showcase.map((entry) => el("li", {}, el("a", { class: "card", href: link(entry.item) },
      el("b", {}, plain(entry.title)), el("span", {}, entry.sentence), el("code", {}, label(entry.item).id))))));
}
