// A control chart: points with the limits of the process (dashed) and, apart from them, the specification (solid).

import { el, svg } from "../dom.js";
import { counted, figure, spaced, unitSign } from "../words.js";
import { BOTTOM, extent, frame, LEFT, level, linear, path, RIGHT, TOP, WIDTH, yAxis } from "./axes.js";

const HEIGHT = 210, LABELS = 10;
const NAMES = {
  xbar: "Means", r: "Ranges", s: "Standard deviations", i: "Single values", mr: "Moving ranges", p: "Share nonconforming", np: "Number nonconforming",
  c: "Defects", u: "Defects per piece", laney_p: "Share nonconforming (Laney p′)", laney_u: "Defects per piece (Laney u′)", ewma: "EWMA", cusum: "CUSUM", t2: "T²", spe: "SPE",
};

export function controlChart(chart) {
  const { points, specification } = chart;
  const bounds = specification ? [specification.low, specification.high] : [];
  const domain = extent([...points.flatMap(({ value, lower, upper }) => [value, lower, upper]), ...bounds]);
  const x = linear([0, Math.max(1, points.length - 1)], [LEFT + 8, WIDTH - RIGHT - 8]);
  const y = linear(domain, [HEIGHT - BOTTOM, TOP]);
  const line = (name, step) => path(points.map((point, i) => [x(i), point[name] === null ? null : y(point[name])]), step);
  const signals = points.filter((point) => point.signals.length);
  const caption = [el("b", {}, `${NAMES[chart.kind] ?? chart.kind}: ${spaced(chart.characteristic)}`), chart.unit ? ` in ${unitSign(chart.unit)}` : "", ` · ${rulesWord(chart)}`];
  return el("div", { class: "controlled" },
    frame(HEIGHT, `${NAMES[chart.kind] ?? chart.kind} of ${spaced(chart.characteristic)}, ${counted(points.length, "point")}, ${counted(signals.length, "signal")}`, caption,
      yAxis(domain, y),
      ["low", "high"].filter((side) => specification?.[side] != null).map((side) => level("specification", specification[side], y, side === "low" ? "spec. low" : "spec. high")),
      specification?.target != null ? level("target", specification.target, y, "") : null,
      ["lower", "upper", "center"].map((name) => svg("path", { class: `control ${name}`, d: line(name, true) })),
      limitNames(points, y),
      svg("path", { class: "data", d: line("value") }),
      points.map((point, i) => dot(point, x(i), y)),
      labels(points, x)),
    signals.length ? table(signals) : el("p", { class: "note" }, "No point breaks a rule."));
}

const rulesWord = ({ rules, limits }) =>
  [`${rules.set} rules`, limits?.version ? `limits version ${limits.version}, frozen ${(limits.frozen_at ?? "").slice(0, 10)}` : "limits from these points"].join(", ");

function limitNames(points, y) {
  const last = points.at(-1);
  return [["upper", "UCL"], ["center", "mean"], ["lower", "LCL"]].filter(([name]) => last && last[name] !== null).map(([name, word]) =>
    svg("text", { class: "level control", x: WIDTH - RIGHT + 5, y: y(last[name]), "dominant-baseline": "middle" }, word));
}

function dot(point, x, y) {
  if (point.value === null) return null;
  const kind = point.excluded ? "excluded" : point.signals.length ? "signal" : "";
  const said = `${point.label ?? point.index}: ${figure(point.value)}${point.signals.length ? `, rule ${point.signals.join(", ")}` : ""}${point.excluded ? ", left out of the limits" : ""}`;
  const shape = kind === "signal" ? svg("rect", { x: x - 4, y: y(point.value) - 4, width: 8, height: 8, transform: `rotate(45 ${x} ${y(point.value)})` }) : svg("circle", { cx: x, cy: y(point.value), r: 3 });
  return svg("g", { class: `dot ${kind}` }, svg("title", {}, said), shape, kind === "signal" ? svg("text", { x, y: y(point.value) - 9, "text-anchor": "middle" }, point.signals.join(",")) : null);
}

function labels(points, x) {
  const every = Math.max(1, Math.ceil(points.length / LABELS));
  return svg("g", { class: "axis", "aria-hidden": "true" }, points.map((point, i) => (i % every ? null : svg("text", { x: x(i), y: HEIGHT - 7, "text-anchor": "middle" }, shortLabel(point)))));
}

const shortLabel = ({ label, index }) => {
  const text = String(label ?? index);
  return /^\d{4}-\d\d-\d\dT/.test(text) ? text.slice(5, 16).replace("T", " ") : text.slice(-12);
};

const table = (signals) => el("details", {}, el("summary", {}, counted(signals.length, "signal")),
  el("table", {}, el("thead", {}, el("tr", {}, ["point", "value", "rules"].map((name) => el("th", {}, name)))),
    el("tbody", {}, signals.map((point) => el("tr", {}, [String(point.label ?? point.index), figure(point.value), point.signals.join(", ")].map((text) => el("td", {}, text)))))));
