// Incidents whose cause is over: kept until somebody says why they were.

import { cause, deed, words } from "../deed.js";
import { el } from "../dom.js";
import { label, lotHref, placeName } from "../names.js";
import { post } from "../server.js";
import { chip, table } from "../table.js";
import { duration, moment, spaced } from "../words.js";
import { messageOf } from "./words.js";

export function overTable(rows, change) {
  if (!rows.length) return null;
  return el("section", { class: "part over", "aria-labelledby": "over" }, el("h2", { id: "over" }, `Over (${rows.length})`),
    table("Incidents that are over", ["severity", "what", "of", "began", "lasted", "why it was"], rows.map((one) => [chip(one.severity), messageOf(one),
      one.item ? el("a", { href: lotHref(one.item) }, label(one.item).id) : placeName(one.place) || (one.sensor ? label(one.sensor).id : ""), moment(one.opened_at),
      duration((Date.parse(one.cleared_at) - Date.parse(one.opened_at)) / 1000), one.cause_code ? `${spaced(one.cause_code)}: ${one.corrective_action}` : close(one, change)])));
}

const close = (one, change) => deed("Say why", [cause(false), words("corrective_action", "What was done")],
  async (given) => change(await post(`/quality/incidents/${one.id}/close`, given)), { says: `Close incident ${one.id}` });
