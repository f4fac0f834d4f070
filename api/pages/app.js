// The page: a search, and the trace of one item as a genealogy and a timeline with the quality beside it.

import { el } from "./dom.js";
import { graph } from "./graph.js";
import { timeline } from "./timeline.js";
import { kindWord, learnNames, shortName } from "./words.js";

const main = document.getElementById("main");

async function get(path) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail ?? response.statusText), { problem: body });
  return body;
}

async function showHealth() {
  const place = document.getElementById("health");
  try {
    const health = await get("/health");
    const { captured, sent, recorded, final } = health.events;
    const waiting = captured + sent + recorded;
    place.textContent = `${final} events final${waiting ? `, ${waiting} on their way` : ""} · block ${health.chain.block}`;
    place.className = `health ${health.status}`;
  } catch {
    place.textContent = "this server does not answer";
    place.className = "health down";
  }
}

async function showTrace(id) {
  document.getElementById("item").value = id;
  main.replaceChildren(el("p", { class: "note" }, "Tracing …"));
  try {
    const trace = await get(`/trace/${encodeURIComponent(id)}`);
    const name = shortName(trace.item.uri);
    document.title = `${name} · Lotmark`;
    main.replaceChildren(head(trace, name), ...(trace.events.length ? [graph(trace, marked(trace)), timeline(trace)] : []));
  } catch (error) {
    main.replaceChildren(failure(error));
  }
}

// Items with something wrong measured in one of their steps.
const marked = (trace) => new Set((trace.quality ?? []).filter((step) => step.seconds_outside > 0).map((step) => step.item));

function head(trace, name) {
  const organisations = new Set(trace.events.map((event) => event.organisation.uri)).size;
  const unfinished = trace.events.filter((event) => event.state !== "final").length;
  const facts = trace.events.length
    ? `${plural(trace.events.length, "event")} by ${plural(organisations, "organisation")}, ` +
      (unfinished ? `${unfinished} of them not final yet` : "all final on the chain")
    : "No event in this ledger names it. That says nothing about whether it exists.";
  const cuts = trace.cuts.length ? el("p", { class: "flag" }, `This trace was cut at ${plural(trace.cuts.length, "item")}; ask for more depth through the API.`) : null;
  const withheld = trace.withheld ? el("p", { class: "note" }, "Sealed events are shown only with an API key.") : null;
  const bundle = `/proofs?item=${encodeURIComponent(trace.item.uri)}`;
  const actions = trace.events.some((event) => event.record)
    ? el("p", {}, el("a", { class: "button", href: bundle, download: "trace.bundle.json" }, "Download the proof of this trace")) : null;
  return el("section", { class: "head" }, el("p", { class: "kind" }, kindWord(trace.item.kind)), el("h1", {}, name), el("p", {}, facts), cuts, withheld, actions);
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function failure(error) {
  const advice = error.problem?.problems?.map((problem) => problem.advice).filter(Boolean) ?? [];
  return el("section", { class: "head failure", role: "alert" }, el("h1", {}, "That did not work"), el("p", {}, error.message), ...advice.map((text) => el("p", {}, text)));
}

async function showStart() {
  const { showcase, organisations, demonstration } = await get("/pages/start.json");
  learnNames(organisations.map((organisation) => [organisation.uri, organisation.name]));
  const note = demonstration ? el("p", { class: "note" }, "This ledger holds demonstration data. All of it is synthetic.") : null;
  const intro = el("section", { class: "head" }, el("h1", {}, "Where does it come from, and where did it go?"),
    el("p", {}, "Enter the ID of a product, a lot or a pallet: an element string, an EPC URN or a GS1 Digital Link."), note);
  const cards = showcase.map((entry) => el("a", { class: "card", href: `/?item=${encodeURIComponent(entry.item)}` },
    el("b", {}, shortName(entry.item)), el("span", {}, entry.sentence)));
  main.replaceChildren(intro, el("section", { class: "cards" }, ...cards));
}

async function start() {
  showHealth();
  setInterval(showHealth, 5000);
  const id = new URLSearchParams(location.search).get("item")?.trim();
  if (id) {
    await get("/pages/start.json").then(({ names }) => learnNames(Object.entries(names))).catch(() => {});
    await showTrace(id);
  } else {
    await showStart().catch((error) => main.replaceChildren(failure(error)));
  }
}

start();
