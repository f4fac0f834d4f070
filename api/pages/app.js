// The page: a search, and the trace of one item as a genealogy and a timeline with the quality beside it.

import { button, el } from "./dom.js";
import { graph } from "./graph.js";
import { items } from "./items.js";
import { showKey } from "./key.js";
import { marksOf } from "./marks.js";
import { href, label, learnNames, plain } from "./names.js";
import { proof } from "./proof.js";
import { failure, forgetKey, get, hasKey, takeKey } from "./server.js";
import { head, journey } from "./summary.js";
import { timeline } from "./timeline.js";

const HEALTH_EVERY = 15_000;
// the demonstration's, and one of nobody
const [SHOWN, ANY] = ["(01)09521003003504(21)1101", "(01)09506000134352(21)12345"];
const main = document.getElementById("main");
const access = document.getElementById("access");

function showHealth(health) {
  const place = document.getElementById("health");
  const waiting = health ? health.events.captured + health.events.sent + health.events.recorded : 0;
  const text = health ? `${health.events.final} events final on the chain${waiting ? `, ${waiting} on their way` : ""}` : "this server does not answer";
  if (place.textContent !== text) place.textContent = text;
  place.className = `health ${health?.status ?? "down"}`;
  place.title = health?.problems.map((problem) => problem.message ?? problem).join("\n") || (health ? `block ${health.chain.block} of chain ${health.chain.chain_id}` : "");
}

const health = () => get("/health").catch(() => null).then((found) => (showHealth(found), found));

function showTrace(trace, chain) {
  const marks = marksOf(trace);
  const { id, name } = label(trace.item.uri);
  document.title = `${id}${name ? `, ${name}` : ""} · Lotmark`;
  const table = items(trace, marks);
  main.replaceChildren(...[head(trace, marks, table.showWrong), graph(trace, marks), journey(trace), table.section, timeline(trace), proof(trace, chain)].filter(Boolean));
}

function showNothing(trace, start) {
  document.title = "Nothing recorded · Lotmark";
  main.replaceChildren(el("section", { class: "head" }, el("h1", {}, trace.withheld ? "Nothing to show without a key" : "Nothing is recorded about this here"),
    el("p", {}, el("code", {}, trace.item.element_string)),
    el("p", {}, trace.withheld ? "Nothing that you may see names it. Sealed events are shown with an API key."
      : "The identifier is well formed, but no event in this ledger names it. That does not say that it is false: its maker may not record here, or a digit may be mistyped.")), cards(start));
}

function showFailure(error) {
  document.title = "Not found · Lotmark";
  const unreadable = error.status === 400;
  const refused = error.status === 401 && hasKey();
  if (refused) forgetKey();
  if (error.status === 401) showKey(access, { asked: true });
  const title = unreadable ? "This is no identifier that can be traced" : refused ? "That API key is not accepted" : error.status === 401 ? "This needs an API key" : "That did not work";
  const lines = error.problems?.length
    ? error.problems.flatMap(({ message, expected, advice }) => [sentence(message), expected && `Expected: ${expected}.`, advice && sentence(advice)])
    : [refused ? "It is unknown here or revoked, and was forgotten. Enter another one above." : error.status === undefined ? "The server's answer could not be shown. This is a fault of this page." : error.message];
  const again = unreadable || refused ? null : button("Try again", () => location.reload());
  main.replaceChildren(el("section", { class: "head failure", role: "alert" }, el("h1", {}, title), lines.filter(Boolean).map((line) => el("p", {}, line)), again));
  if (unreadable) document.getElementById("item").setAttribute("aria-invalid", "true");
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

function cards({ showcase }) {
  if (!showcase.length) return "";
  return el("section", { "aria-labelledby": "examples" }, el("h2", { id: "examples" }, "Worth a look"),
    el("ul", { class: "cards" }, showcase.map((entry) => el("li", {}, el("a", { class: "card", href: href(entry.item) },
      el("b", {}, plain(entry.title)), el("span", {}, entry.sentence), el("code", {}, label(entry.item).id))))));
}

function showStart(start, state) {
  const empty = state && Object.values(state.events).every((count) => count === 0);
  const intro = el("section", { class: "head" }, el("h1", {}, "Where does it come from, and where did it go?"),
    el("p", {}, "Enter the full identifier of a product, its lot or its pallet, such as ", el("code", {}, start.demonstration ? SHOWN : ANY), ", an EPC URN or a GS1 Digital Link."),
    empty ? el("p", { class: "next" }, "This ledger is empty. Next: ", el("code", {}, "lotmark submit FILE"), " captures the events of an EPCIS 2.0 document or a CSV file; then look one of its items up here.") : null);
  main.replaceChildren(...[intro, cards(start)].filter(Boolean));
}

async function begin() {
  takeKey();
  const id = new URLSearchParams(location.search).get("item")?.trim();
  if (id) {
    document.getElementById("item").value = id;
    main.replaceChildren(el("p", { class: "note", role: "status" }, "Tracing …"));
  }
  try {
    const asked = [id ? get(`/trace/${encodeURIComponent(id)}`) : null, health()];
    const [answers, start] = await Promise.all([Promise.allSettled(asked), get("/pages/start.json")]);
    learnNames(start.names, start.demonstration);
    document.getElementById("demonstration").hidden = !start.demonstration;
    if (start.demonstration) document.getElementById("item").placeholder = `${SHOWN}, EPC URN or Digital Link`;
    const [trace, state] = answers.map((answer) => answer.value);
    if (answers[0].reason) throw answers[0].reason;
    showKey(access, { asked: trace?.withheld });
    if (!trace) showStart(start, state);
    else if (trace.events.length) showTrace(trace, state?.chain);
    else showNothing(trace, start);
  } catch (error) {
    showFailure(error);
    if (error.status === undefined) throw error;
  }
  main.setAttribute("aria-busy", "false");
  performance.mark("shown");
  setInterval(health, HEALTH_EVERY);
}

// A new fragment does not load the page again.
addEventListener("hashchange", () => takeKey() && location.reload());
begin();
