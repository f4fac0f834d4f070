// One lot on one screen: what was decided, what calls for attention, and everything behind it.

import { closureChart, resultsChart } from "../charts/shares.js";
import { controlChart } from "../charts/control.js";
import { history } from "../charts/history.js";
import { el } from "../dom.js";
import { elementString, label, lotHref } from "../names.js";
import { get } from "../server.js";
import { cards } from "../trace.js";
import { counted } from "../words.js";
import { head } from "./head.js";
import { kin } from "./kin.js";
import { signals } from "./signals.js";
import { capability, incidents, inspections, results, sisters } from "./tables.js";

const path = (item) => `/quality/lot/${encodeURIComponent(item)}`;

export const waiting = (asked) => (asked.get("item") ? "Gathering what is known of it …" : "");
export const ask = (asked) => (asked.get("item") ? get(path(asked.get("item"))) : Promise.resolve(null));

export function draw(main, lot, { start }) {
  if (!lot) return showStart(main, start);
  const again = async () => draw(main, await get(path(lot.item.uri)), { start });
  const { id, name } = label(lot.item.uri);
  document.title = `${id}${name ? `, ${name}` : ""}, lot screen · Lotmark`;
  main.replaceChildren(...[
    head(lot, again), signals(lot), kin(lot),
    el("div", { class: "pair" }, section(lot.cold_chain.some((one) => one.quantity_kind === "Temperature") ? "Cold chain" : "Sensors", lot.cold_chain.length ? [el("div", { class: "charts" }, lot.cold_chain.map(history)), gapsKey(lot.cold_chain)] : nothing("No sensor spoke of it.")), section("Mass closure", closed(lot.genealogy.closure))),
    section("Laboratory", lot.results.length ? [resultsChart(lot.results), results(lot.results)] : nothing("No laboratory result is known, neither of it nor of what it is made of.")),
    section("Control charts", lot.charts.length ? [chartsNote(lot), el("div", { class: "charts" }, lot.charts.map((chart) => controlChart(chart, { link: true })))] : nothing("Nothing was inspected often enough to be charted.")),
    section("Capability", lot.capability.length ? capability(lot.capability) : nothing("Nothing that has a specification was measured often enough.")),
    section("Inspections", lot.inspections.length ? inspections(lot.inspections) : nothing("Nothing was inspected.")),
    section("Incidents", lot.incidents.length ? incidents(lot.incidents) : nothing("None was ever opened for it.")),
    section("Made of the same", lot.sisters.length ? sisters(lot) : nothing("No other item shares what it is made of.")),
  ].filter(Boolean));
}

const nothing = (said) => el("p", { class: "note" }, said);

const section = (title, ...content) => (content.some(Boolean) ? el("section", { class: "part" }, el("h2", {}, title), content) : null);

const closed = (closures) => closures.length && [
  el("p", { class: "note" }, `Mass out over mass in, of ${counted(closures.length, "run")} of the same process${closures.some((one) => one.lower !== null) ? "" : "; too few for limits"}.`), closureChart(closures)];

const gapsKey = (measured) => measured.some((one) => one.gaps.length) && el("p", { class: "legend" }, el("span", { class: "key box unknown" }, "unknown: no reading says anything"));

const chartsNote = ({ charts }) => el("p", { class: "note" }, charts[0].item ? `Of everything of ${called(charts[0].item)}, since a lot alone has few points; the latest 60 at most. ` : "",
  "Solid lines are the specification, which the customer asks for; dashed ones the control limits, which the process keeps by itself.");

const called = (uri) => (label(uri).isNamed ? label(uri).id : label(uri).name || elementString(uri));

function showStart(main, start) {
  document.title = "A lot on one screen · Lotmark";
  main.replaceChildren(...[el("section", { class: "head" }, el("h1", {}, "A lot on one screen"),
    el("p", {}, "Enter the identifier of a lot or of a single item above: decisions, signals, where it comes from, cold chain, laboratory, charts and incidents on one page.")), cards(start, lotHref)].filter(Boolean));
}
