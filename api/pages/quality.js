// What was measured, beside its limits: worst first; time for which nothing is known is hatched, never green.

import { el, styled } from "./dom.js";
import { label } from "./names.js";
import { amount, counted, duration, figure, spaced, unitSign } from "./words.js";

const RANK = { outside: 0, unknown: 1, in_range: 2, no_limit: 3 };

// The measurements of one event: what is outside, has a gap or a verdict is shown; the rest is folded.
// What has a limit but is never read in this trace is left out here; the top of the page says it once.
export function measured(steps, origin, isRead) {
  const merged = merge(steps.filter((step) => step.count || (isRead(step) && step.seconds_unknown >= 0.5))).sort((a, b) => rank(a) - rank(b) || b.seconds_outside - a.seconds_outside);
  const loud = merged.filter((step) => step.count > 0 && step.verdict !== "no_limit");
  const quiet = merged.filter((step) => !loud.includes(step));
  const [shown, hidden] = [loud.slice(0, 3), [...loud.slice(3), ...quiet]];
  const more = hidden.length ? el("details", { class: silent(hidden) ? "silent" : null }, el("summary", {}, hiddenWords(hidden, shown.length)), hidden.map((step) => card(step, origin))) : null;
  return [...shown.map((step) => card(step, origin)), more];
}

const rank = (step) => RANK[step.verdict] * 2 + (step.count ? 0 : 1);

const silent = (steps) => steps.every((step) => step.verdict === "unknown" && !step.count);

function hiddenWords(hidden, shown) {
  const kinds = [...new Set(hidden.map((step) => spaced(step.quantity_kind)))].join(", ");
  if (silent(hidden)) return `${kinds}: nothing known for ${duration(Math.max(...hidden.map((step) => step.seconds_unknown ?? 0)))}`;
  return `${shown ? `${hidden.length} more` : counted(hidden.length, "measurement")}: ${kinds}`;
}

// Tells of a step whether its kind is read anywhere for its item.
export function readIn(trace) {
  const key = (step) => `${step.item}\n${step.quantity_kind}`;
  const read = new Set(trace.quality.filter((step) => step.count).map(key));
  return (step) => read.has(key(step));
}

// One entry for all items that went through the same.
function merge(steps) {
  const alike = (step) => JSON.stringify({ ...step, item: "", commitment: "", limit_item: "" });
  return [...Map.groupBy(steps, alike).values()].map((same) => ({ ...same[0], items: same.map((step) => step.item) }));
}

export function card(step, origin) {
  const range = step.count ? `${figure(step.minimum)} to ${amount(step.maximum, step.unit)}` : "no reading";
  return el("div", { class: `measure ${step.verdict}` },
    el("p", {}, el("b", {}, spaced(step.quantity_kind)), ` ${step.count === 1 ? amount(step.maximum, step.unit) : range}`),
    strip([step]), el("p", { class: "verdict" }, verdictWords(step)), el("p", { class: "fine" }, fineWords(step, origin)));
}

// Shares of the time of these steps, one after the other. Nothing is shown as inside limits where there are none.
export function strip(steps) {
  const segments = steps.filter((step) => step.verdict !== "no_limit").flatMap((step) =>
    [["inside", step.seconds_inside], ["outside", step.seconds_outside], ["unknown", step.seconds_unknown ?? 0]]).filter(([, seconds]) => seconds > 0);
  if (!segments.length) return null;
  const said = ["inside", "outside", "unknown"].map((name) => [name, sum(segments, name)]).filter(([, seconds]) => seconds)
    .map(([name, seconds]) => `${duration(seconds)} ${name === "unknown" ? name : `${name} limits`}`).join(", ");
  return el("div", { class: "strip", role: "img", "aria-label": said, title: said },
    segments.map(([name, seconds]) => styled(el("span", { class: name }), { "flex-grow": String(seconds) })));
}

const sum = (segments, wanted) => segments.reduce((total, [name, seconds]) => total + (name === wanted ? seconds : 0), 0);

export function verdictWords(step) {
  const unknown = step.seconds_unknown > 0 ? `unknown for ${duration(step.seconds_unknown)}` : "";
  if (step.verdict === "no_limit") return "no limit is set";
  const inside = step.seconds_inside > 0 ? `within ${limitWords(step)} for ${duration(step.seconds_inside)}` : "";
  const said = step.verdict === "outside" ? outsideWords(step) : inside;
  return [said, unknown].filter(Boolean).join("; ") || `limit: ${limitWords(step)}`;
}

// "above 5 °C for 3 h", and with `peaks` ", up to 9 °C"; a single reading lasts no time: "above 2.8 mm/s: 3.39 mm/s".
export function outsideWords(step, peaks = false) {
  const { low, high, unit, minimum, maximum } = step;
  const sides = [
    { limit: `above ${amount(high, unit)}`, seconds: step.seconds_above, peak: amount(maximum, unit), reach: "up to", beyond: high !== null && maximum > high },
    { limit: `below ${amount(low, unit)}`, seconds: step.seconds_below, peak: amount(minimum, unit), reach: "down to", beyond: low !== null && minimum < low },
  ];
  const lasting = sides.filter(({ seconds }) => seconds > 0).map(({ limit, seconds, reach, peak }) => `${limit} for ${duration(seconds)}${peaks ? `, ${reach} ${peak}` : ""}`);
  const momentary = sides.filter(({ beyond }) => step.count && beyond).map(({ limit, peak }) => `${limit}: ${peak}`);
  return (lasting.length ? lasting : momentary).join(" and ") || `outside ${limitWords(step)}`;
}

export function limitWords({ low, high, unit }) {
  if (low === null && high === null) return "no limits";
  if (low === null) return `at most ${amount(high, unit)}`;
  return high === null ? `at least ${amount(low, unit)}` : `${figure(low)} to ${figure(high)} ${unitSign(unit)}`;
}

function fineWords(step, origin) {
  const parts = [step.count ? counted(step.count, "reading") : "", sourceWords(step)];
  if (step.mean_kinetic_temperature !== null && step.count > 1) parts.push(`mean kinetic temperature ${amount(step.mean_kinetic_temperature, step.unit)}`);
  if (step.items && !(step.items.length === 1 && step.items[0] === origin)) {
    parts.push(step.items.length === 1 ? `of ${label(step.items[0]).id}` : `of ${step.items.length} items`);
  }
  return parts.filter(Boolean).join(" · ");
}

export function sourceWords(step) {
  const names = step.sources.map((source) => (source.startsWith("0x") ? "by the event's own sensor" : source === step.item ? "on the item itself" : `in ${label(source).id}`));
  return names.length > 2 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", ");
}
