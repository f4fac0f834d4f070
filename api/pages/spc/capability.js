// What the process can do against its specification: each index with its interval, the verdict on the lower bound.

import { el } from "../dom.js";
import { number, table } from "../table.js";
import { counted, figure, unitSign } from "../words.js";

const INDICES = ["cp", "cpk", "pp", "ppk", "cpm"];
const METHODS = { normal: "for a normal distribution", box_cox: "after a Box-Cox transformation, since the values are not normal", percentile: "by percentiles, since the values are not normal" };

const COUNTED = new Set(["p", "np", "c", "u", "laney_p", "laney_u"]);

export function capability(fit, kind) {
  if (COUNTED.has(kind)) return part(el("p", { class: "note" }, "Of counts there is none: it says how measured values lie within their specification."));
  if (fit instanceof Error) return part(el("p", { class: "note" }, fit.problems?.[0] ? `${sentence(fit.problems[0].message)} ${fit.problems[0].advice ?? ""}` : sentence(fit.message)));
  const rows = INDICES.filter((name) => fit[name]).map((name) => {
    const { value, low, high } = fit[name];
    const isJudged = name === fit.judged;
    const title = `${name[0].toUpperCase()}${name.slice(1)}`;
    return [isJudged ? el("b", {}, `${title} (judged)`) : title, number(figure(value)), number(`${figure(low)} to ${figure(high)}`)];
  });
  return part(el("p", { class: `fit ${fit.verdict}` }, el("b", {}, verdict(fit)), ` ${why(fit)}`),
    table("Capability", ["index", "value", `${Math.round(100 * fit.confidence)} % interval`], rows),
    el("p", { class: "note" }, `${counted(fit.n, "value")}, ${METHODS[fit.method]}; mean ${figure(fit.mean, 4)}${fit.method === "box_cox" ? " (transformed)" : ""}, ${fit.outside} outside the specification of ${bounds(fit)}.`),
    fit.warnings.map((warning) => el("p", { class: "note warned" }, warning)));
}

const part = (...content) => el("section", { "aria-label": "Capability" }, el("h2", {}, "Capability"), content);
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
const verdict = (fit) => ({ capable: "Capable.", not_capable: "Not capable.", unknown: "Cannot be told yet." })[fit.verdict];

function why(fit) {
  const { low, high } = fit[fit.judged] ?? {};
  const name = fit.judged === "ppk" ? "Ppk" : "Cpk";
  if (fit.verdict === "unknown") return `The interval of ${name}, ${figure(low)} to ${figure(high)}, holds the ${figure(fit.threshold)} that is needed.`;
  return `At worst ${name} is ${figure(low)}; ${figure(fit.threshold)} is needed.`;
}

function bounds({ low, high, unit }) {
  if (low === null) return `at most ${figure(high, 4)} ${unitSign(unit)}`;
  return high === null ? `at least ${figure(low, 4)} ${unitSign(unit)}` : `${figure(low, 4)} to ${figure(high, 4)} ${unitSign(unit)}`;
}
