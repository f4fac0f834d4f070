// What a lot is made of and what it went into, with amounts and shares; red where something was found.

import { el, styled } from "../dom.js";
import { href, label, lotHref } from "../names.js";
import { bad, chip, number, table } from "../table.js";
import { amount, counted } from "../words.js";

const MOST = 40;

export function kin(lot) {
  const { parents, children } = lot.genealogy;
  return el("section", { class: "part", "aria-labelledby": "kin" }, el("h2", { id: "kin" }, "Genealogy"),
    el("div", { class: "kin" },
      side("Made of", parents, "No event says what it is made of.", true),
      side("Went into", children, "No event says that it went into anything.", false)),
    lot.cut.length ? el("p", { class: "note" }, `There is more than was followed, at ${counted(lot.cut.length, "item")}.`) : null,
    el("p", { class: "note" }, el("a", { href: href(lot.item.uri) }, "The whole genealogy as a picture")));
}

function side(title, rows, none, withShare) {
  const columns = ["item", "amount", ...(withShare ? ["share"] : []), "how sure", "found in it"];
  return el("div", {}, el("h3", {}, `${title}${rows.length ? ` (${rows.length})` : ""}`),
    rows.length ? table(title, columns, rows.slice(0, MOST).map((row) => cells(row, withShare))) : el("p", { class: "note" }, none),
    rows.length > MOST ? el("p", { class: "note" }, `and ${rows.length - MOST} more, in its trace`) : null);
}

function cells(row, withShare) {
  const { id, name } = label(row.uri);
  const item = [el("a", { href: lotHref(row.uri) }, id), name ? el("small", {}, ` ${name}`) : ""];
  return [row.severity ? bad(item) : item, number(row.quantity === null ? "not known" : amount(row.quantity, row.uom)), ...(withShare ? [share(row)] : []), row.certainty,
    row.severity ? chip(row.severity) : "nothing"];
}

function share({ share: part }) {
  if (part === null) return "not known";
  const said = `${(100 * part).toFixed(1)} %`;
  return [el("span", { class: "share", "aria-hidden": "true" }, styled(el("span", {}), { width: `${Math.min(100, 100 * part)}%` })), said];
}
