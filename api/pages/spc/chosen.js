// One control chart with all that belongs to it: how it is drawn, what breaks a rule, frozen limits, capability.

import { controlChart, pointName } from "../charts/control.js";
import { el } from "../dom.js";
import { fullName, label, lotHref, placeName } from "../names.js";
import { table } from "../table.js";
import { counted, figure, moment, spaced, unitSign } from "../words.js";
import { capability } from "./capability.js";
import { freezing } from "./freezing.js";
import { histogram } from "./histogram.js";

const RULES = [["", "as frozen, else Nelson"], ["nelson", "Nelson, six points rising"], ["nelson_six_increases", "Nelson, six increases"], ["western_electric", "Western Electric"], ["limits", "limits only"]];
const LIMITS = [["", "frozen if there are any"], ["own", "from these points"], ["frozen", "the latest frozen"]];
const KINDS = [["", "what suits the data"], ["xbar", "means (X-bar)"], ["i", "single values (I-MR)"], ["ewma", "EWMA"], ["cusum", "CUSUM"], ["residual", "residuals"], ["p", "share (p)"], ["laney_p", "share (Laney p′)"]];

export function chosen({ chart, capability: fit, frozen }, asked, again) {
  const versions = frozen.filter((one) => one.scope === "" || one.item === chart.item || one.scope === asked.get("equipment"));
  const freeze = freezing(chart, asked, again);
  return el("section", { class: "head spc" }, el("p", { class: "kind" }, "Control chart"), el("h1", {}, spaced(chart.characteristic)), el("p", {}, scope(chart, asked)),
    el("p", { class: `verdict-line ${chart.in_control ? "good" : "bad"}` }, el("b", {}, stateWords(chart)), ` ${limitWords(chart)}`),
    options(asked, versions),
    el("div", { class: "charts" }, el("div", {}, controlChart(chart, { extra: violations(chart, freeze) }), freeze.form), el("div", {}, capability(fit, chart.kind), histogram(chart))),
    excluded(chart), history(versions));
}

function scope({ item, points, count, unit }, asked) {
  const parts = [unit ? `in ${unitSign(unit)}` : "", `${points.length < count ? `the latest ${points.length} of ` : ""}${counted(count, "point")}`];
  for (const name of ["equipment", "sensor"]) if (asked.get(name)) parts.push(`${name} ${label(asked.get(name)).id}`);
  if (asked.get("place")) parts.push(placeName(asked.get("place")));
  return [parts.filter(Boolean).join(" · "), item ? [" · of ", el("a", { href: lotHref(item), title: fullName(item) }, label(item).id)] : ""];
}

function stateWords({ in_control, signal_count }) {
  if (in_control) return "In control: no point breaks a rule.";
  return signal_count ? `Out of control: ${counted(signal_count, "point")} break${signal_count === 1 ? "s" : ""} a rule.` : "Out of control: the spread breaks a rule.";
}

const limitWords = ({ limits }) => (limits.phase === "II"
  ? `Judged by limits version ${limits.version}, frozen ${moment(limits.frozen_at)}.`
  : "Its limits come from these points themselves; frozen ones would judge what comes next.");

function options(asked, versions) {
  const kept = ["characteristic", "item", "equipment", "place", "sensor", "start", "end", "by"].filter((name) => asked.get(name));
  const pick = (name, title, choices) => el("p", {}, el("label", { for: `pick-${name}` }, title),
    el("select", { name, id: `pick-${name}` }, choices.map(([value, said]) => el("option", { value, selected: asked.get(name) === value ? "" : null }, said))));
  const limits = [...LIMITS.filter(([value]) => value !== "frozen" || versions.length), ...versions.map((one) => [String(one.version), `version ${one.version}`])];
  const form = el("form", { class: "options", action: "/spc", "aria-label": "How it is drawn" }, kept.map((name) => el("input", { type: "hidden", name, value: asked.get(name) })),
    pick("kind", "Chart", KINDS), pick("rules", "Rules", RULES), pick("limits", "Limits", limits), el("button", { class: "plain" }, "Draw"));
  form.addEventListener("formdata", ({ formData }) => [...formData].forEach(([name, value]) => value || formData.delete(name)));
  return form;
}

// Rules and what they mean, with a box by which a point may be left out of the limits that are frozen next.
function violations(chart, freeze) {
  const signals = chart.points.filter((point) => point.signals.length);
  if (!signals.length) return el("p", { class: "note" }, "No point breaks a rule.");
  const fired = [...new Set(signals.flatMap((point) => point.signals))].sort((a, b) => a - b);
  return el("details", { open: signals.length <= 8 ? "" : null }, el("summary", {}, `${counted(signals.length, "violation")}, rule ${fired.join(", ")}`),
    el("dl", { class: "rules" }, fired.map((rule) => [el("dt", {}, `rule ${rule}`), el("dd", {}, chart.rule_meanings[rule] ?? "")])),
    table("Violations", ["point", "value", "rules", "leave out"], signals.map((point) => [pointName(point), figure(point.value, 4), point.signals.join(", "), freeze.box(point)])));
}

function excluded({ excluded: left }) {
  if (!left.length) return null;
  return el("section", { class: "part" }, el("h2", {}, "Left out of the limits"), table("Left out", ["point", "reason"], left.map((one) => [pointName({ label: one.label, time: one.time }), one.reason])));
}

function history(versions) {
  if (!versions.length) return null;
  return el("section", { class: "part" }, el("h2", {}, "Frozen limits"), table("Frozen limits", ["version", "frozen", "by", "from", "centre", "sigma", "rules", "left out", "data"], versions.map((one) =>
    [String(one.version), moment(one.frozen_at), one.by || "not given", counted(one.points, "point"), figure(one.parameters.center, 4), figure(one.parameters.sigma, 4), `${one.rules.set}, ${one.rules.dialect.replaceAll("_", " ")}`,
      one.excluded.map((left) => `${pointName({ label: left.label, time: left.time })}: ${left.reason}`).join("; ") || "nothing", el("code", { title: `SHA-256 of the points: ${one.data_digest}` }, `${one.data_digest.slice(0, 10)}…`)])));
}
