// How single values lie within their specification. Only of charts whose points are single values.

import { el, svg } from "../dom.js";
import { BOTTOM, frame, LEFT, linear, RIGHT, TOP, WIDTH } from "../charts/axes.js";
import { counted, figure, spaced } from "../words.js";

const HEIGHT = 150, LEAST = 10;

export function histogram({ kind, characteristic, points, specification }) {
  const values = points.map((point) => point.value).filter((value) => value !== null);
  if (kind !== "i" || values.length < LEAST) return null;
  const bins = binned(values);
  const bounds = ["low", "high"].map((side) => specification?.[side]).filter((value) => value !== null && value !== undefined);
  const x = linear([Math.min(bins[0].from, ...bounds), Math.max(bins.at(-1).until, ...bounds)], [LEFT, WIDTH - RIGHT]);
  const y = linear([0, Math.max(...bins.map((bin) => bin.count))], [HEIGHT - BOTTOM, TOP]);
  return el("section", { "aria-label": "Distribution" }, el("h2", {}, "Distribution"),
    frame(HEIGHT, `Distribution of ${spaced(characteristic)}, ${counted(values.length, "value")}`, null,
      bins.map((bin) => svg("g", { class: "bar" }, svg("title", {}, `${figure(bin.from, 4)} to ${figure(bin.until, 4)}: ${bin.count}`),
        svg("rect", { x: x(bin.from) + 1, width: Math.max(1, x(bin.until) - x(bin.from) - 2), y: y(bin.count), height: HEIGHT - BOTTOM - y(bin.count) }))),
      bounds.map((value) => [svg("line", { class: "level specification", x1: x(value), x2: x(value), y1: TOP, y2: HEIGHT - BOTTOM }), svg("text", { class: "level specification", x: x(value), y: HEIGHT - 8, "text-anchor": "middle" }, `spec ${figure(value, 4)}`)]),
      bounds.length ? null : [bins[0].from, bins.at(-1).until].map((value) => svg("text", { x: x(value), y: HEIGHT - 8, "text-anchor": "middle" }, figure(value, 4)))));
}

// Sturges' number of bins.
function binned(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const count = Math.ceil(Math.log2(values.length)) + 1;
  const width = (most - least || 1) / count;
  const bins = Array.from({ length: count }, (_, i) => ({ from: least + i * width, until: least + (i + 1) * width, count: 0 }));
  for (const value of values) bins[Math.min(count - 1, Math.floor((value - least) / width))].count += 1;
  return bins;
}
