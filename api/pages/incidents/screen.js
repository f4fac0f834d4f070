// What goes wrong now: live incidents worst first, what was put on hold, and what is over; kept up to date by the stream.

import { el } from "../dom.js";
import { showLive } from "../navigation.js";
import { get } from "../server.js";
import { follow } from "../stream.js";
import { counted } from "../words.js";
import { card, tick } from "./card.js";
import { holdsTable } from "./holds.js";
import { overTable } from "./over.js";

const SEVERITIES = ["critical", "major", "minor", "warning"];
const LIMIT = 200, OVER = 50, EVERY = 1000;

export const waiting = () => "Reading the incidents …";

export async function ask() {
  const [live, over, holds, rules] = await Promise.all([get(`/quality/incidents?live=true&limit=${LIMIT}`), get(`/quality/incidents?live=false&limit=${OVER}`), get(`/quality/holds?limit=${LIMIT}`), get("/quality/rules")]);
  return { incidents: new Map([...live.incidents, ...over.incidents].map((one) => [one.id, one])), holds: new Map(holds.holds.map((one) => [one.id, one])), rules, more: live.next !== null };
}

export function draw(main, known, { state }) {
  document.title = "Incidents · Lotmark";
  const parts = { live: el("div", {}), missing: el("div", {}), holds: el("div", {}), over: el("div", {}) };
  const line = el("p", { class: "note", role: "status" }, "Connecting …");
  const title = el("h1", {}, "");
  main.replaceChildren(el("section", { class: "head" }, title, line), parts.live, parts.missing, parts.holds, parts.over);
  const show = () => fill(title, parts, known, state, deeds);
  const decided = (list, each) => {
    list.set(each.id, each);
    document.activeElement?.blur();
    show();
    (main.querySelector(`[data-id="${each.id}"] :is(button, summary)`) ?? main).focus();
  };
  const deeds = { change: (incident) => decided(known.incidents, incident), changeHold: (hold) => decided(known.holds, hold) };
  show();
  setInterval(() => tick(main), EVERY);
  keepUp(known, show, line);
}

// Every time the line comes (back), all is read again, so that nothing is missed; what is heard meanwhile counts more.
function keepUp(known, show, line) {
  let reading = 0, heard = [];
  const take = ([name, data]) => known[name.startsWith("hold.") ? "holds" : "incidents"].set(data.id, data);
  const again = async () => {
    reading += 1;
    const found = await ask().catch(() => known);
    reading -= 1;
    Object.assign(known, found);
    heard.forEach(take);
    if (!reading) heard = [];
    show();
  };
  follow("/quality/stream", (name, data) => {
    if (name === "reset") return again();
    if (reading) heard.push([name, data]);
    take([name, data]);
    show();
  }, (isUp) => {
    line.textContent = isUp ? "Live: what changes is shown as it happens." : "The line to the server is down; trying again. What is shown may be out of date.";
    if (isUp) again();
  });
}

function fill(title, parts, known, state, deeds) {
  // what is being typed into a form must not be swept away
  if (document.activeElement?.closest(".deed form")) return void document.activeElement.closest("form").addEventListener("focusout", () => setTimeout(() => fill(title, parts, known, state, deeds)), { once: true });
  const all = [...known.incidents.values()];
  const live = all.filter((one) => !one.cleared_at).sort(worstFirst);
  const missing = live.filter((one) => one.kind === "missing"), others = live.filter((one) => one.kind !== "missing");
  title.textContent = live.length ? `${counted(live.length, "live incident")}` : "No live incident";
  showLive(live.length);
  parts.live.replaceChildren(group("What is wrong now", "wrong", others, deeds) ?? empty(live, known, state));
  parts.missing.replaceChildren(group("Missing data", "missing", missing, deeds, "A sensor that should speak is silent: nobody knows how the goods are.") ?? "");
  parts.holds.replaceChildren(holdsTable([...known.holds.values()], deeds.changeHold));
  parts.over.replaceChildren(overTable(all.filter((one) => one.cleared_at).sort((a, b) => b.cleared_at.localeCompare(a.cleared_at)), deeds.change) ?? "");
}

const worstFirst = (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.opened_at.localeCompare(a.opened_at);

function group(title, id, rows, deeds, note) {
  if (!rows.length) return null;
  return el("section", { class: "part", "aria-labelledby": id }, el("h2", { id }, `${title} (${rows.length})`), note ? el("p", { class: "note" }, note) : null,
    el("ul", { class: "incidents" }, rows.map((one) => card(one, deeds.change))));
}

// Silence means something only where somebody listens.
function empty(live, { rules }, state) {
  const said = rules.length
    ? `${counted(rules.length, "rule")} ${rules.length === 1 ? "runs" : "run"} over what arrives${live.length ? "; beside what is missing, nothing is wrong now." : ", and nothing that arrived breaks one."}`
    : "No rule runs, so nothing could raise one. That nothing is shown here says nothing about the goods. ";
  return el("section", { class: "part" }, el("p", {}, said, rules.length ? "" : ["Next: ", el("code", {}, "lotmark quality rules add cold specification quantity_kind=Temperature low=0 high=5 unit=CEL"), "."]),
    state?.live?.evaluated === 0 && rules.length ? el("p", { class: "note" }, "No reading has arrived since the rules run.") : null);
}
