// One live incident: how bad, what, of what, since when, who sees to it, and what may be decided.

import { cause, deed, press, text, words } from "../deed.js";
import { el } from "../dom.js";
import { href, label, lotHref, placeName, productOf } from "../names.js";
import { post } from "../server.js";
import { chip } from "../table.js";
import { counted, duration, moment, spaced } from "../words.js";
import { messageOf } from "./words.js";

export function card(one, change) {
  const act = async (name, body) => change(await post(`/quality/incidents/${one.id}/${name}`, body));
  const says = `incident ${one.id}`;
  return el("li", { class: `incident ${one.severity} ${one.acknowledged_at ? "seen" : "unseen"}`, "data-id": one.id },
    el("div", { class: "incident-head" }, chip(one.severity), el("b", {}, what(one)), el("span", { class: "since" }, "for ", el("time", { class: "running", datetime: one.opened_at }, running(one.opened_at)))),
    el("p", {}, messageOf(one)), el("p", { class: "fine" }, of(one)),
    el("p", { class: "fine" }, one.acknowledged_at ? `Seen by ${one.acknowledged_by}, ${moment(one.acknowledged_at)}. ` : el("b", { class: "flag" }, "Not acknowledged. "),
      one.owner ? `${one.owner} sees to it${one.due_at ? ` until ${moment(one.due_at)}` : ""}.` : "Nobody sees to it."),
    el("div", { class: "deeds" },
      one.acknowledged_at ? null : press("Acknowledge", () => act("acknowledge"), { says: `Acknowledge ${says}` }),
      deed("Assign", [text("owner", "Who sees to it", { value: one.owner ?? "" }), text("due_at", "Until (your clock; may stay empty)", { type: "datetime-local" })],
        ({ owner, due_at }) => act("owner", { owner: owner || null, due_at: due_at ? new Date(due_at).toISOString() : null }), { says: `Assign ${says}` }),
      deed("Close", [cause(false), words("corrective_action", "What was done")], (given) => act("close", given), { says: `Close ${says}` })));
}

const what = (one) => [spaced(one.kind), one.quantity_kind ? ` · ${spaced(one.quantity_kind)}` : ""];

function of(one) {
  const item = one.item ? [el("a", { href: lotHref(one.item) }, label(one.item).id), label(one.item).name && productOf(one.item) ? ` ${label(one.item).name}` : "", " (", el("a", { href: href(one.item) }, "trace"), ")"] : null;
  const parts = [item, one.place ? placeName(one.place) : null, one.sensor ? `sensor ${label(one.sensor).id}` : null, one.rule ? `rule ${one.rule}` : null,
    `since ${moment(one.opened_at)}`, counted(one.count, one.kind === "missing" ? "check" : "reading")].filter(Boolean);
  return parts.map((part, i) => [i ? " · " : "", part]);
}

const running = (since) => duration(Math.max(0, (Date.now() - Date.parse(since)) / 1000));

// Moves the counters on.
export function tick(root) {
  for (const time of root.querySelectorAll("time.running")) time.textContent = running(time.dateTime);
}
