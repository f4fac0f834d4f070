// What was measured during one step, beside its limits; time for which nothing is known is hatched, never green.

import { el } from "./dom.js";
import { duration, figure, unitSign } from "./words.js";

export function qualityCell(step) {
  const unit = unitSign(step.unit);
  const outside = step.seconds_outside > 0;
  const name = step.quantity_kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return el("div", { class: `quality ${outside ? "outside" : ""}` },
    el("b", {}, `${name} `), `${figure(step.minimum)} to ${figure(step.maximum)} ${unit}`,
    el("small", {}, ` ${step.count} reading${step.count === 1 ? "" : "s"}`),
    step.mean_kinetic_temperature !== null ? el("div", {}, `mean kinetic temperature ${figure(step.mean_kinetic_temperature)} ${unit}`) : null,
    strip(step), verdict(step));
}

function strip(step) {
  const total = (step.seconds_inside ?? 0) + (step.seconds_outside ?? 0) + (step.seconds_unknown ?? 0);
  if (!total) return null;
  const part = (name, seconds) => (seconds ? el("span", { class: name, style: `flex-grow:${seconds / total}`, title: `${duration(seconds)} ${name}` }) : null);
  return el("div", { class: "strip", role: "img", "aria-label": "time within limits, outside them, unknown" },
    part("inside", step.seconds_inside), part("outside", step.seconds_outside), part("unknown", step.seconds_unknown));
}

function verdict(step) {
  const words = [];
  if (step.seconds_outside > 0) words.push(`${duration(step.seconds_outside)} outside ${limits(step)}`);
  if (step.seconds_unknown > 0) words.push(`${duration(step.seconds_unknown)} unknown`);
  if (!words.length && step.seconds_inside > 0) words.push(`always within ${limits(step)}`);
  return words.length ? el("div", { class: "verdict" }, words.join(", ")) : null;
}

function limits(step) {
  const unit = unitSign(step.unit);
  if (step.low === null || step.low === undefined) return step.high === null || step.high === undefined ? "no limits" : `at most ${figure(step.high)} ${unit}`;
  return step.high === null || step.high === undefined ? `at least ${figure(step.low)} ${unit}` : `${figure(step.low)} to ${figure(step.high)} ${unit}`;
}
