// What may not go on, and who said so.

import { deed, words } from "../deed.js";
import { el } from "../dom.js";
import { label, lotHref, plain } from "../names.js";
import { post } from "../server.js";
import { bad, table } from "../table.js";
import { moment } from "../words.js";

export function holdsTable(holds, change) {
  const rows = [...holds].sort((a, b) => Boolean(a.released_at) - Boolean(b.released_at) || b.placed_at.localeCompare(a.placed_at));
  const live = rows.filter((one) => !one.released_at).length;
  return el("section", { class: "part", id: "holds", "aria-labelledby": "holds-title" }, el("h2", { id: "holds-title" }, `On hold (${live})`),
    rows.length ? table("Holds", ["item", "state", "why", "placed", "released"], rows.map((one) => cells(one, change)))
      : el("p", { class: "note" }, "Nothing is on hold, and nothing ever was. A hold is placed on the screen of a lot."));
}

function cells(one, change) {
  const release = deed("Release", [words("reason", "Why it may go on")], async (given) => change(await post(`/quality/holds/${one.id}/release`, given)), { says: `Release ${label(one.item).id}` });
  return [[el("a", { href: lotHref(one.item) }, label(one.item).id), el("small", {}, ` ${label(one.item).name}`)], one.released_at ? "released" : bad(el("b", {}, "on hold")), plain(one.reason),
    `${moment(one.placed_at)} by ${plain(one.placed_by)}`, one.released_at ? `${moment(one.released_at)} by ${plain(one.released_by)}: ${one.release_reason}` : release];
}
