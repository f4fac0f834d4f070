// A control chart: points with the limits of the process (dashed) and, apart from them, the specification (solid).

import { el, svg } from "../dom.js";
import { counted, figure, moment, spaced, unitSign } from "../words.js";
import { BOTTOM, endNames, extent, frame, LEFT, level, linear, path, RIGHT, TOP, WIDTH, yAxis } from "./axes.js";

// More rule numbers than this would lie on each other; they are in the table, and under the pointer.
const HEIGHT = 210, LABELS = 7, NUMBERED = 10;
const NAMES = {
  xbar: "Means", r: "Ranges", s: "Standard deviations", i: "Single values", mr: "Moving ranges", p: "Share nonconforming", np: "Number nonconforming",
  c: "Defects", u: "Defects per piece", laney_p: "Share nonconforming (Laney p′)", laney_u: "Defects per piece (Laney u′)", ewma: "EWMA", cusum: "CUSUM", t2: "T²", spe: "SPE",
};

// With `link` its name leads to its own screen; `extra` stands in place of the table of signals.
export function controlChart(chart, { link = false, companion = true, extra = null } = {}) {
  const { points } = chart, specification = specified(chart);
  const bounds = specification ? [specification.low, specification.high] : [];
  const domain = extent([...points.flatMap(({ value, lower, upper, other }) => [value, lower, upper, other]), ...bounds]);
  const x = linear([0, Math.max(1, points.length - 1)], [LEFT + 8, WIDTH - RIGHT - 8]);
  const y = linear(domain, [HEIGHT - BOTTOM, TOP]);
  const line = (name, step) => path(points.map((point, i) => [x(i), point[name] === null ? null : y(point[name])]), step);
  const signals = points.filter((point) => point.signals.length);
  const name = NAMES[chart.kind] ?? chart.kind;
  const title = el("b", {}, `${name}: ${spaced(chart.characteristic)}`);
  const caption = [link ? el("a", { href: chartHref(chart) }, title) : title, chart.unit ? ` in ${unitSign(chart.unit)}` : "", ` · ${rulesWord(chart)}`, bounds.length && chart.kind === "xbar" ? " · specification: of single values" : ""];
  return el("div", { class: "controlled" },
    frame(HEIGHT, `${name} of ${spaced(chart.characteristic)}, ${counted(points.length, "point")}, ${counted(signals.length, "signal")}`, caption,
      yAxis(domain, y),
      ["low", "high"].filter((side) => specification?.[side] != null).map((side) => level("specification", specification[side], y)),
      specification?.target != null ? level("target", specification.target, y) : null,
      ["lower", "upper", "center"].map((name) => svg("path", { class: `control ${name}`, d: line(name, true) })),
      endNames(namesOf(chart), y),
      // the lower sum of a CUSUM
      points.some((point) => (point.other ?? null) !== null) ? svg("path", { class: "data series1", d: line("other") }) : null,
      svg("path", { class: "data", d: line("value") }),
      points.map((point, i) => dot(point, x(i), y, signals.length <= NUMBERED)),
      labels(points, x)),
    chart.warnings.map((warning) => el("p", { class: "note warned" }, warning)),
    extra ?? (signals.length ? table(signals) : el("p", { class: "note" }, "No point breaks a rule.")),
    companion && chart.companion ? controlChart({ ...chart.companion, limits: chart.limits }) : null);
}

// What is asked of single values can stand beside values and their means, not beside sums, spreads or residuals.
const specified = ({ kind, specification }) => (["i", "xbar", "ewma"].includes(kind) ? specification : null);

export const chartHref = ({ characteristic, item }) => `/spc?${new URLSearchParams({ characteristic, ...(item ? { item } : {}) })}`;

const rulesWord = ({ rules, limits }) =>
  [`${rules.set} rules`, limits?.version ? `limits version ${limits.version}, frozen ${(limits.frozen_at ?? "").slice(0, 10)}` : "limits from these points"].join(", ");

// What the lines are, behind their ends; the limits are those of the last point.
function namesOf(chart) {
  const { points } = chart, specification = specified(chart);
  const last = points.at(-1);
  const limits = [["upper", "UCL"], ["center", "centre"], ["lower", "LCL"]].map(([name, word]) => ({ kind: "control", value: last?.[name], name: word }));
  const bounds = [["high", "spec max"], ["target", "target"], ["low", "spec min"]].map(([name, word]) => ({ kind: "specification", value: specification?.[name], name: word }));
  return [...bounds, ...limits].filter(({ value }) => value !== null && value !== undefined);
}

function dot(point, x, y, numbered) {
  if (point.value === null) return null;
  const kind = point.excluded ? "excluded" : point.signals.length ? "signal" : "";
  const said = `${pointName(point)}: ${figure(point.value)}${point.signals.length ? `, rule ${point.signals.join(", ")}` : ""}${point.excluded ? ", left out of the limits" : ""}`;
  const shape = kind === "signal" ? svg("rect", { x: x - 4, y: y(point.value) - 4, width: 8, height: 8, transform: `rotate(45 ${x} ${y(point.value)})` }) : svg("circle", { cx: x, cy: y(point.value), r: 3 });
  return svg("g", { class: `dot ${kind}` }, svg("title", {}, said), shape, kind === "signal" && numbered ? svg("text", { x, y: y(point.value) - 9, "text-anchor": "middle" }, point.signals.join(",")) : null);
}

function labels(points, x) {
  const every = Math.max(1, Math.ceil(points.length / LABELS));
  const timed = points.every((point) => point.time) && new Set(points.map((point) => point.label)).size < points.length;
  return svg("g", { class: "axis", "aria-hidden": "true" }, points.map((point, i) => (i % every ? null
    : svg("text", { x: x(i), y: HEIGHT - 7, "text-anchor": "middle" }, timed ? shortTime(point.time, points) : shortLabel(point)))));
}

// The day alone, or the time alone, where that tells the points apart.
function shortTime(iso, points) {
  const days = Math.abs(Date.parse(points.at(-1).time) - Date.parse(points[0].time)) / 86_400_000;
  if (days > LABELS) return iso.slice(5, 10);
  return points.every(({ time }) => time.slice(0, 10) === iso.slice(0, 10)) ? `${iso.slice(11, 16)}Z` : `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
}
const shortLabel = ({ label, index }) => {
  const text = String(label ?? index);
  return /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(text) ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(-10);
};
// A production run is named by a long URI; its end tells it.
export const pointName = ({ label, index, time }) => [String(label ?? index).split(/[/:]/).filter(Boolean).pop(), time ? moment(time) : ""].filter(Boolean).join(", ");

const table = (signals) => el("details", {}, el("summary", {}, counted(signals.length, "signal")),
  el("table", {}, el("thead", {}, el("tr", {}, ["point", "value", "rules"].map((name) => el("th", {}, name)))),
    el("tbody", {}, signals.map((point) => el("tr", {}, [pointName(point), figure(point.value), point.signals.join(", ")].map((text) => el("td", {}, text)))))));
