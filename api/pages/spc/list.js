// All that can be charted, in groups, each with how much there is of it and whether it is in control, asked for one by one.

import { el } from "../dom.js";
import { fullName, label, placeName } from "../names.js";
import { get } from "../server.js";
import { chip, number, table } from "../table.js";
import { counted, spaced, unitSign } from "../words.js";

const AT_ONCE = 3, LOOKED_AT = 60;
const GROUPS = [
  ["Measured at inspections", (one) => one.source === "inspections" && one.kind === "variables"],
  ["Counted at inspections", (one) => one.source === "inspections" && one.kind === "attributes"],
  ["Read by sensors", (one) => one.source === "readings"],
];
const COLUMNS = ["characteristic", "of", "unit", "values", "items", "last", "state"];

export function list(chartable, asked, title) {
  if (!chartable.length) return null;
  const states = new Map(chartable.map((one) => [one, el("span", { class: "note" }, "…")]));
  const groups = GROUPS.map(([name, test]) => [name, chartable.filter(test)]).filter(([, rows]) => rows.length);
  look(groups.flatMap(([, rows]) => rows), states);
  return el("section", { class: "part", "aria-labelledby": "chartable" }, el("h2", { id: "chartable" }, title),
    groups.map(([name, rows]) => [el("h3", {}, `${name} (${rows.length})`), filled(name, rows.map((one) => cells(one, asked, states)))]));
}

// Without the columns that say nothing in this group.
function filled(name, rows) {
  const used = COLUMNS.map((_, i) => rows.some((row) => row[i] !== "" && row[i].content !== ""));
  return table(name, COLUMNS.filter((_, i) => used[i]), rows.map((row) => row.filter((_, i) => used[i])));
}

const query = (one) => new URLSearchParams(["characteristic", "sensor", "item", "place"].filter((name) => one[name]).map((name) => [name, one[name]]));

function cells(one, asked, states) {
  const here = asked.get("characteristic") === one.characteristic && (asked.get("sensor") ?? null) === one.sensor;
  const subject = one.item ?? one.place;
  return [el("a", { href: `/spc?${query(one)}`, "aria-current": here ? "true" : null }, spaced(one.characteristic)),
    subject ? el("span", { title: fullName(subject) }, one.place ? placeName(one.place) : label(one.item).id) : "", unitSign(one.unit), number(one.count), number(one.source === "inspections" ? one.items : ""), one.last.slice(0, 10), states.get(one)];
}

// A few at a time, so that the chosen chart need not wait.
async function look(rows, states) {
  const waiting = rows.slice(0, LOOKED_AT);
  for (const one of rows.slice(LOOKED_AT)) states.get(one).replaceWith("open it");
  const next = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const found = await get(`/quality/spc/chart?${query(one)}&last=1`).catch((error) => error);
      states.get(one).replaceWith(state(found));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

function state(found) {
  if (found instanceof Error) return el("small", { title: found.message }, "cannot be charted");
  const said = found.in_control ? "in control" : found.signal_count ? counted(found.signal_count, "signal") : "spread signals";
  const few = found.warnings.length ? [" ", el("small", { title: found.warnings.join("\n") }, "⚠ with reservations")] : "";
  return el("span", {}, chip(found.in_control ? "steady" : "major", said), few);
}
