// The top of a lot's screen: what it is, what was decided about it by whom and why, and how well it is known.

import { deed, cause, words } from "../deed.js";
import { el } from "../dom.js";
import { bareId, href, label, lotHref, plain } from "../names.js";
import { downloadLink, get, post } from "../server.js";
import { amount, counted, kindWord, moment, spaced, words as term } from "../words.js";

const KEPT = { used_up: "; it is used up", unknown: "; whether it is used up already cannot be told" };
const STATES = { hold: "on hold", recalled: "recalled", released: "released", unknown: "no decision" };

export function head(lot, again) {
  const { id, name } = label(lot.item.uri);
  const known = plain(lot.name ?? "") || name;
  const report = (language) => `/quality/report/lot/${encodeURIComponent(lot.item.uri)}?format=pdf&language=${language}`;
  return el("section", { class: "head lot" },
    el("p", { class: "kind" }, kindWord(lot.item.kind)),
    el("h1", {}, known && known !== id ? `${known}, ${id}` : bareId(id)),
    el("p", {}, el("code", {}, lot.item.element_string), lot.item.lot ? [" of ", el("a", { href: lotHref(lot.item.lot) }, label(lot.item.lot).id)] : ""),
    decision(lot, again),
    el("dl", { class: "facts" }, facts(lot).map(([name, said]) => el("div", {}, el("dt", {}, name), el("dd", {}, said)))),
    el("p", { class: "ways" }, el("a", { href: href(lot.item.uri) }, "Trace it"), downloadLink("Report as PDF, English", report("en")), downloadLink("Report as PDF, Chinese (中文)", report("zh"))));
}

function decision(lot, again) {
  const { state, since, by, reason, source, said } = lot.disposition;
  const elsewhere = source && source !== lot.item.uri;
  return el("div", { class: `decision ${state}` },
    el("p", {}, el("b", { class: "state-word" }, STATES[state]),
      since ? ` since ${moment(since)}` : "", by ? ` by ${plain(by)}` : "", reason ? `: ${plain(reason)}` : "",
      state === "unknown" ? ` of this ledger: nobody put it on hold or released it${said ? `. Its last event says “${term(said)}”.` : "."}` : ""),
    elsewhere ? el("p", {}, "The decision stands on ", el("a", { href: lotHref(source) }, label(source).id), ".") : null,
    el("div", { class: "deeds" }, state === "hold" && !elsewhere ? release(lot, again) : hold(lot, again, elsewhere ? "Put this on hold too" : "Put on hold")));
}

const hold = (lot, again, title) => deed(title, [words("reason", "Why"), cause(true)], async ({ reason, cause_code }) => {
  await post("/quality/holds", { item: lot.item.uri, reason, cause_code });
  await again();
}, { plain: false });

// There may be several; a release ends them all.
const release = (lot, again) => deed("Release", [words("reason", "Why it may go on")], async ({ reason }) => {
  const { holds } = await get(`/quality/holds?live=true&item=${encodeURIComponent(lot.item.uri)}`);
  for (const each of holds) await post(`/quality/holds/${each.id}/release`, { reason });
  await again();
}, { plain: false });

function facts({ quantity_now, record, data_quality, shelf_life, genealogy }) {
  return [
    ["Quantity now", quantity_now ? amount(quantity_now.quantity, quantity_now.uom) : "not known"],
    ["Record", [`${record.final} of ${counted(record.events, "event")} final on the chain`, record.open < record.events ? `, ${record.events - record.open} sealed` : "",
      record.corrected ? `, ${record.corrected} corrected` : "", record.conflicts ? el("b", { class: "wrong" }, `, ${record.conflicts} in conflict`) : ""]],
    ["Declared by", record.organisations.map(plain).join(", ") || "–"],
    ["Data quality", badge(data_quality)],
    ["Keeps for", shelf_life ? keeps(shelf_life) : "no shelf life is specified, or no temperature is known"],
  ];
}

// The share of the time with limits that is known, what cleaning set aside, readings that came late, events not final.
function badge({ known, flagged, late, unverified }) {
  const counts = (entries) => entries.filter(([, count]) => count).map(([name, count]) => `${spaced(name)} ${count}`);
  const aside = counts(Object.entries(flagged)), noted = counts([["late", late], ["not final", unverified]]);
  const grade = known === null ? "none" : known >= 0.95 ? "good" : known >= 0.5 ? "fair" : "poor";
  const share = known === null ? "nothing has limits" : `known for ${Math.floor(100 * known)} % of the time with limits`;
  return [el("span", { class: `quality ${grade}` }, share), aside.length ? `; set aside: ${aside.join(", ")}` : "; nothing set aside", noted.length ? `; ${noted.join(", ")}` : ""];
}

function keeps({ least, most, until, verdict }) {
  const day = (value) => (value === null ? "?" : value.toFixed(1));
  return [`${day(least)} to ${day(most)} days more, as of ${until ? moment(until) : "the last reading"}`, KEPT[verdict] ?? ""];
}
