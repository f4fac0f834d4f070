// What all charts share: scales, ticks, the frame, and lines that break where a value is missing.

import { el, svg } from "../dom.js";
import { figure } from "../words.js";

export const WIDTH = 640, LEFT = 52, RIGHT = 66, TOP = 12, BOTTOM = 24;

export const linear = ([low, high], [from, to]) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

// The least and greatest of what is there, with room at both ends.
export function extent(values, room = 0.08) {
  const known = values.filter((value) => value !== null && value !== undefined && Number.isFinite(value));
  if (!known.length) return [0, 1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const more = (high - low || Math.abs(high) || 1) * room;
  return [low - more, high + more];
}

// Round numbers between low and high: 1, 2 or 5 times a power of ten apart.
export function ticks([low, high], count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// A path through the points; `null` in y lifts the pen. With `step`, a value holds until the next one.
export function path(points, step = false) {
  let pen = "M", last = null;
  return points.map(([x, y]) => {
    if (y === null || !Number.isFinite(y)) {
      const held = step && last !== null ? `L${round(x)} ${round(last)}` : "";
      [pen, last] = ["M", null];
      return held;
    }
    const said = step && last !== null ? `L${round(x)} ${round(last)}L${round(x)} ${round(y)}` : `${pen}${round(x)} ${round(y)}`;
    [pen, last] = ["L", y];
    return said;
  }).join("");
}

const round = (value) => Math.round(value * 10) / 10;

export function yAxis(domain, y) {
  return svg("g", { class: "axis", "aria-hidden": "true" }, ticks(domain).map((value) => [
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
    svg("text", { x: LEFT - 8, y: y(value), "text-anchor": "end", "dominant-baseline": "middle" }, tickWord(value, domain)),
  ]));
}

const tickWord = (value, [low, high]) => (high - low < 0.05 ? Number(value.toPrecision(7)).toString() : figure(value));

// Names behind the ends of lines, moved apart where they would lie on each other: [{kind, value, name}].
export function endNames(names, y) {
  let last = -Infinity;
  return [...names].sort((a, b) => y(a.value) - y(b.value)).map(({ kind, value, name }) => {
    last = Math.max(y(value), last + 12);
    return svg("text", { class: `level ${kind}`, x: WIDTH - RIGHT + 5, y: last, "dominant-baseline": "middle" }, name);
  });
}

// A level across the chart; `kind` is specification or target.
export const level = (kind, value, y) => svg("line", { class: `level ${kind}`, x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) });

export function frame(height, label, caption, ...content) {
  const picture = svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label }, content);
  return el("figure", {}, caption ? el("figcaption", {}, caption) : null, el("div", { class: "drawing", tabindex: "0", role: "group", "aria-label": "scrolls sideways where it is narrow" }, picture));
}
