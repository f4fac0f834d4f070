// A table that scrolls on its own where the screen is narrow. A cell is a text, a node, a list of both, or {content, class}.

import { el } from "./dom.js";

export const table = (label, columns, rows) => el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
  el("table", {}, el("thead", {}, el("tr", {}, columns.map((name, i) => el("th", { scope: "col", class: rows[0]?.[i]?.class === "number" ? "number" : null }, name)))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map(cell))))));

const cell = (given) => (given?.content === undefined ? el("td", {}, given) : el("td", { class: given.class }, given.content));

export const number = (content) => ({ content, class: "number" });
export const bad = (content) => ({ content, class: "bad" });
export const chip = (kind, said = kind) => el("span", { class: `chip ${kind}` }, said);
