// What all sensors of one quantity said over time, within its limits; where none of them spoke, hatched.

import { svg } from "../dom.js";
import { amount, duration, figure, spaced, unitSign } from "../words.js";
import { BOTTOM, endNames, extent, frame, LEFT, level, linear, path, RIGHT, TOP, WIDTH, yAxis } from "./axes.js";

const HEIGHT = 170, HOUR = 3_600_000;
let patterns = 0;

export function history(measured) {
  const times = measured.series.flatMap((series) => series.times).concat(measured.gaps.flatMap((gap) => [gap.from, gap.until])).map(Date.parse);
  const span = [Math.min(...times), Math.max(...times)];
  const domain = extent([...measured.series.flatMap((series) => series.values), measured.low, measured.high]);
  const x = linear(span, [LEFT, WIDTH - RIGHT]);
  const y = linear(domain, [HEIGHT - BOTTOM, TOP]);
  const hatching = `hatch${++patterns}`;
  return frame(HEIGHT, said(measured), said(measured),
    svg("defs", {}, svg("pattern", { id: hatching, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("line", { class: "hatch", x1: 0, x2: 0, y1: 0, y2: 6 }))),
    yAxis(domain, y),
    measured.gaps.map((gap) => svg("rect", { class: "gap", fill: `url(#${hatching})`, x: x(Date.parse(gap.from)), width: Math.max(3, x(Date.parse(gap.until)) - x(Date.parse(gap.from))), y: TOP, height: HEIGHT - BOTTOM - TOP },
      svg("title", {}, `nobody knows: no reading for ${duration((Date.parse(gap.until) - Date.parse(gap.from)) / 1000)}`))),
    [["low", measured.low], ["high", measured.high]].filter(([, value]) => value !== null).map(([, value]) => level("specification", value, y)),
    endNames([["min", measured.low], ["max", measured.high]].filter(([, value]) => value !== null).map(([side, value]) => ({ kind: "specification", value, name: `${side} ${figure(value)}` })), y),
    measured.series.map((series, i) => svg("path", { class: `data series${i % 5}`, d: path(series.times.map((time, n) => [x(Date.parse(time)), series.values[n] === null ? null : y(series.values[n])]), true) }, svg("title", {}, series.sensor))),
    timeAxis(span, x));
}

const said = (measured) => [
  `${spaced(measured.quantity_kind)} in ${unitSign(measured.unit)}`,
  measured.mean_kinetic === null ? "" : `mean kinetic temperature ${amount(measured.mean_kinetic, measured.unit)}`,
  measured.seconds_above ? `above for ${duration(measured.seconds_above)}` : "", measured.seconds_below ? `below for ${duration(measured.seconds_below)}` : "",
  measured.seconds_unknown ? `unknown for ${duration(measured.seconds_unknown)}` : "",
].filter(Boolean).join(" · ");

// Full hours or days in UTC, some six of them.
function timeAxis([first, last], x) {
  const step = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720, 2160, 8760].map((hours) => hours * HOUR).find((each) => (last - first) / each <= 6) ?? (last - first || HOUR);
  const marks = [];
  for (let time = Math.ceil(first / step) * step; time <= last; time += step) marks.push(time);
  return svg("g", { class: "axis", "aria-hidden": "true" }, marks.map((time) => svg("text", { x: x(time), y: HEIGHT - 7, "text-anchor": "middle" }, word(time, step))));
}

function word(time, step) {
  const text = new Date(time).toISOString();
  return step < 24 * HOUR ? `${text.slice(5, 10)} ${text.slice(11, 16)}Z` : text.slice(0, 10);
}
