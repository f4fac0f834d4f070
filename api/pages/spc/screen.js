// Control charts: what can be charted, and one chart with its rules, limits, violations and capability.

import { el } from "../dom.js";
import { get } from "../server.js";
import { chosen } from "./chosen.js";
import { list } from "./list.js";

const CHART = ["characteristic", "item", "equipment", "place", "sensor", "start", "end", "by", "kind", "rules", "limits"];
const FITTING = CHART.slice(0, 8);

export const selection = (asked, names = CHART) => new URLSearchParams(names.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));

export const waiting = () => "Reading the charts …";

// The chart must be there; a capability may be impossible, which is an answer too.
export async function ask(asked) {
  const name = asked.get("characteristic");
  const told = (error) => (error.status === 400 || error.status === 404 ? error : Promise.reject(error));
  const [chartable, chart, capability, frozen] = await Promise.all([
    get("/quality/spc"), name ? get(`/quality/spc/chart?${selection(asked)}`) : null,
    name ? get(`/quality/spc/capability?${selection(asked, FITTING)}`).catch(told) : null,
    name ? get(`/quality/spc/limits?${selection(asked, ["characteristic"])}`) : null,
  ]);
  return { chartable, chart, capability, frozen };
}

export function draw(main, answer, { asked }) {
  document.title = `${answer.chart ? `${answer.chart.characteristic.replaceAll("_", " ")}, ` : ""}control charts · Lotmark`;
  const again = async () => draw(main, await ask(asked), { asked });
  if (answer.chart) return main.replaceChildren(...[chosen(answer, asked, again), list(answer.chartable, asked, "Other characteristics")].filter(Boolean));
  const intro = el("section", { class: "head" }, el("h1", {}, "Control charts"), el("p", {}, answer.chartable.length
    ? "Choose what was inspected or read by a sensor; its chart shows what the process does, beside what is asked of it."
    : "Nothing was inspected or read yet, so that there is nothing to chart. Next: lotmark import inspections FILE."));
  main.replaceChildren(...[intro, list(answer.chartable, asked, "What can be charted")].filter(Boolean));
}
