// Laboratory results as shares of their limits, with the expanded uncertainty; mass closures within their own limits.

import { svg } from "../dom.js";
import { bareId, label } from "../names.js";
import { amount, counted, figure, spaced } from "../words.js";
import { BOTTOM, extent, frame, linear, RIGHT, TOP, WIDTH, yAxis, LEFT } from "./axes.js";

const ROW = 26, NAMES = 262;

export function resultsChart(results) {
  const shown = results.filter((one) => one.high);
  if (!shown.length) return null;
  const most = Math.max(1.15, ...shown.map((one) => ((one.value ?? one.loq) + (one.uncertainty ?? 0)) / one.high));
  const x = linear([0, most], [NAMES, WIDTH - RIGHT]);
  const height = TOP + shown.length * ROW + BOTTOM;
  return frame(height, `${counted(shown.length, "laboratory result")} as shares of their limits`, "Each as a share of its limit. Dashed: below the limit of quantification (LOQ), drawn up to it. Black line: expanded uncertainty.",
    shown.map((one, i) => bar(one, TOP + i * ROW + ROW / 2, x)),
    svg("line", { class: "level specification", x1: x(1), x2: x(1), y1: TOP - 4, y2: height - BOTTOM }),
    svg("text", { class: "level specification", x: x(1), y: height - 8, "text-anchor": "middle" }, "limit"));
}

function bar(one, y, x) {
  const censored = one.value === null;
  const share = (censored ? one.loq : one.value) / one.high;
  const spread = (one.uncertainty ?? 0) / one.high;
  const text = `${spaced(one.analyte)} of ${label(one.item).id}: ${censored ? "below " : ""}${amount(censored ? one.loq : one.value, one.unit)}${one.uncertainty ? ` ± ${figure(one.uncertainty)}` : ""}, limit ${amount(one.high, one.unit)}`;
  return svg("g", { class: `bar ${one.verdict} ${censored ? "censored" : ""}` }, svg("title", {}, text),
    svg("text", { x: NAMES - 10, y, "text-anchor": "end", "dominant-baseline": "middle" }, `${spaced(one.analyte)}, ${bareId(label(one.item).id).replace(/^lot /, "")}`),
    svg("rect", { x: NAMES, y: y - 6, width: Math.max(1, x(share) - NAMES), height: 12 }),
    spread ? svg("line", { class: "spread", x1: x(Math.max(0, share - spread)), x2: x(share + spread), y1: y, y2: y }) : null);
}

export function closureChart(closures) {
  if (!closures.length) return null;
  const height = 150;
  const domain = extent([1, ...closures.flatMap(({ closure, lower, upper }) => [closure, lower, upper])]);
  const x = linear([0, Math.max(1, closures.length - 1)], [LEFT + 12, WIDTH - RIGHT - 12]);
  const y = linear(domain, [height - BOTTOM, TOP]);
  return frame(height, `Mass out over mass in, ${counted(closures.length, "run")}`, null, yAxis(domain, y),
    closures.map((one, i) => [
      one.lower === null ? null : svg("line", { class: "control", x1: x(i), x2: x(i), y1: y(one.lower), y2: y(one.upper) }),
      one.closure === null ? null : svg("g", { class: `dot ${one.out ? "signal" : ""}` }, svg("title", {}, `${one.label}: ${(100 * one.closure).toFixed(1)} %`), svg("circle", { cx: x(i), cy: y(one.closure), r: 4 })),
      svg("text", { class: "axis", x: x(i), y: height - 7, "text-anchor": "middle" }, String(one.label ?? "").slice(-14)),
    ]));
}
