// The page: its header with the state of the server, and the screen that the address asks for.

import { el } from "./dom.js";
import { showFailure } from "./failure.js";
import { showKey } from "./key.js";
import { learnNames } from "./names.js";
import { showHere, showLive } from "./navigation.js";
import { get, takeKey } from "./server.js";

// Each says what it asks the server for, and draws the answer.
const SCREENS = {
  "/": () => import("./trace.js"), "/lot": () => import("./lot/screen.js"),
  "/spc": () => import("./spc/screen.js"), "/incidents": () => import("./incidents/screen.js"),
};
const HEALTH_EVERY = 15_000;
const EXAMPLE = "(01)09521003003504(21)1101";
const main = document.getElementById("main");

function showHealth(health) {
  const place = document.getElementById("health");
  const waiting = health ? health.events.captured + health.events.sent + health.events.recorded : 0;
  const text = health ? `${health.events.final} events final on the chain${waiting ? `, ${waiting} on their way` : ""}` : "this server does not answer";
  if (place.textContent !== text) place.textContent = text;
  showLive(health?.live?.incidents);
  place.className = `health ${health?.status ?? "down"}`;
  place.title = health?.problems.map((problem) => problem.message ?? problem).join("\n") || (health ? `block ${health.chain.block} of chain ${health.chain.chain_id}` : "");
}

const health = () => get("/health").catch(() => null).then((found) => (showHealth(found), found));

// The parameters of the address, without blanks around them and without empty ones.
function askedFor() {
  const given = [...new URLSearchParams(location.search)].map(([name, value]) => [name, value.trim()]);
  return new URLSearchParams(given.filter(([, value]) => value));
}

async function begin() {
  takeKey();
  const asked = askedFor();
  showHere(location.pathname, asked.get("item"));
  const screen = await SCREENS[location.pathname]();
  if (screen.waiting(asked)) main.replaceChildren(el("p", { class: "note", role: "status" }, screen.waiting(asked)));
  try {
    const [answers, start] = await Promise.all([Promise.allSettled([screen.ask(asked), health()]), get("/pages/start.json")]);
    learnNames(start.names, start.demonstration);
    document.getElementById("demonstration").hidden = !start.demonstration;
    if (start.demonstration) document.getElementById("item").placeholder = `${EXAMPLE}, EPC URN or Digital Link`;
    const [answer, state] = answers.map((each) => each.value);
    if (answers[0].reason) throw answers[0].reason;
    showKey({ asked: answer?.withheld });
    screen.draw(main, answer, { start, state, asked });
  } catch (error) {
    showFailure(main, error);
    if (error.status === undefined) throw error;
  }
  main.setAttribute("aria-busy", "false");
  performance.mark("shown");
  setInterval(health, HEALTH_EVERY);
}

// A new fragment does not load the page again.
addEventListener("hashchange", () => takeKey() && location.reload());
begin();
