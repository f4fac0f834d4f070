// What was inspected, analysed and judged, as tables; the page of a lot shows them below their pictures.

import { el } from "../dom.js";
import { label, lotHref, placeName, plain } from "../names.js";
import { messageOf } from "../incidents/words.js";
import { bad, chip, number, table } from "../table.js";
import { amount, counted, figure, moment, spaced, unitSign } from "../words.js";

const FITS = { capable: "capable", not_capable: "not capable", unknown: "cannot be told yet" };
const VERDICTS = { outside: "beyond the limit", within_uncertainty: "beyond, but within its uncertainty", unknown: "unknown", no_limit: "no limit", in_range: "within the limit" };

export const capability = (rows) => [table("Capability", ["characteristic", "values", "index", "at least", "needed", "verdict"], rows.map((one) => {
  const verdict = FITS[one.verdict] ?? one.verdict;
  return [spaced(one.characteristic), number(one.n), number(`${one.judged === "ppk" ? "Ppk" : "Cpk"} ${figure(one.index)}`), number(figure(one.low)), number(figure(one.threshold)),
    one.verdict === "not_capable" ? bad(verdict) : verdict];
})), el("p", { class: "note" }, "The verdict is on the lower bound of the 95 % interval, not on the index itself.")];

export function results(rows) {
  const columns = ["analyte", "of", "result", "limit", "verdict", "± U (k = 2)", "LOQ", "laboratory", "certificate"];
  return table("Laboratory results", columns, rows.map((one) => {
    const verdict = [VERDICTS[one.verdict] ?? one.verdict, one.reason ? `: ${one.reason}` : ""];
    return [el("b", {}, spaced(one.analyte)), el("a", { href: lotHref(one.item) }, label(one.item).id),
      number(one.value === null ? `< ${amount(one.loq, one.unit, 4)}` : amount(one.value, one.unit, 4)), number(limit(one)),
      ["outside", "within_uncertainty"].includes(one.verdict) ? bad(verdict) : verdict,
      number(one.uncertainty === null ? (one.value === null ? "" : "not given") : figure(one.uncertainty, 4)), number(one.loq === null ? "not given" : figure(one.loq, 4)), placeName(one.laboratory) || "not given",
      one.certificate ? el("code", { title: `SHA-256 of the signed document: ${one.certificate}` }, `${one.certificate.slice(0, 10)}…`) : "none"];
  }));
}

function limit({ low, high, unit }) {
  if (low === null && high === null) return "none";
  return low === null ? `≤ ${amount(high, unit, 4)}` : high === null ? `≥ ${amount(low, unit, 4)}` : `${figure(low, 4)} to ${amount(high, unit, 4)}`;
}

export const inspections = (rows) => table("Inspections", ["characteristic", "times", "found", "verdict", "by", "last"], rows.map((one) => {
  const range = one.minimum === null ? "" : one.minimum === one.maximum ? amount(one.maximum, one.unit) : `${figure(one.minimum)} to ${figure(one.maximum)} ${unitSign(one.unit)}`;
  const verdict = one.failed ? bad(`${counted(one.failed, "time")} failed`) : one.passed === null ? "no verdict was given" : "passed";
  return [spaced(one.characteristic), number(one.count), range, verdict, plain(one.inspector), moment(one.time)];
}));

export const incidents = (rows) => table("Incidents", ["severity", "what", "since", "until", "owner", "cause"], rows.map((one) =>
  [chip(one.severity), messageOf(one), moment(one.opened_at), one.cleared_at ? moment(one.cleared_at) : el("b", {}, "live"), one.owner ?? "nobody", one.cause_code ? spaced(one.cause_code) : ""]));

export const sisters = ({ sisters: rows }) => el("ul", { class: "sisters" }, rows.map((one) =>
  el("li", {}, el("a", { href: lotHref(one.uri) }, label(one.uri).id), el("small", {}, ` ${label(one.uri).name}, shares ${one.ancestor}`))));
