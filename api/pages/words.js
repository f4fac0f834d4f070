// How kinds, states, steps, units and times are said on the page.

const KINDS = {
  serial: "item", lot: "lot", class: "product", logistic_unit: "logistic unit", asset: "asset", place: "place", party: "party",
  person: "person", document: "document", other: "item",
};
export const kindWord = (kind, count = 1) => plural(KINDS[kind] ?? kind, count);

function plural(word, count) {
  if (count === 1) return word;
  return word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
}
export const counted = (count, word) => `${count} ${plural(word, count)}`;

export const STATES = {
  captured: "kept by this server, not yet on the chain",
  sent: "given to the chain, not yet in a block",
  recorded: "in a block of the chain, which a reorganisation could still take back",
  final: "in a block that the chain calls final",
};

export const RELATIONS = {
  transformed: "made into", contained: "packed into", associated: "built into", of_lot: "lot of",
};
export const VERDICTS = {
  own_prefix: "the maker's own word", corroborated: "said by two sides", stranger: "a stranger's word",
};

// CBV business steps whose names do not say it by themselves.
const STEPS = {
  creating_class_instance: "lot created", commissioning: "given its number", retail_selling: "sold", staging_outbound: "made ready to leave",
  decommissioning: "number taken back", inspecting: "inspected", receiving: "received", shipping: "shipped", storing: "stored",
  packing: "packed", unpacking: "unpacked", loading: "loaded", unloading: "unloaded", transporting: "on the road", arriving: "arrived",
  departing: "departed", assembling: "assembled", installing: "installed", destroying: "destroyed", holding: "held", stocking: "put on the shelf",
  repairing: "repaired", removing: "removed", returning: "returned", accepting: "accepted", disassembling: "disassembled",
};
const TYPES = {
  ObjectEvent: "seen", AggregationEvent: "packed", TransactionEvent: "named in a transaction", TransformationEvent: "transformed",
  AssociationEvent: "built in",
};
const BAD = new Set(["non_conformant", "recalled", "destroyed", "damaged", "expired", "disposed", "unavailable", "needs_replacement",
  "non_sellable_other", "non_sellable_expired", "non_sellable_damaged", "non_sellable_disposed", "non_sellable_no_pedigree_match", "stolen"]);

export const words = (term) => (term ?? "").replace(/^.*[/:#]/, "").replaceAll("_", " ");
export const stepWord = (event) =>
  STEPS[event.biz_step] ?? (words(event.biz_step) || TYPES[event.type] || words(event.type));
export const isBad = (disposition) => BAD.has(disposition);

// A time as it was where it happened: that place's clock and offset, never the browser's own zone.
export function localTime(iso, offset) {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset ?? "") ?? [null, "+", "00", "00"];
  const shift = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const shifted = new Date(Date.parse(iso) + shift).toISOString();
  return { date: shifted.slice(0, 10), time: shifted.slice(11, 16), offset: `${sign === "-" ? "−" : "+"}${hours}:${minutes}` };
}

// A time that belongs to no place, such as that of a decision: in UTC, and says so.
export const moment = (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

export function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d${hours % 24 ? ` ${hours % 24} h` : ""}`;
}

// UN/ECE Recommendation 20 codes that people know by a sign.
const UNITS = {
  CEL: "°C", FAH: "°F", KEL: "K", P1: "%", KGM: "kg", GRM: "g", TNE: "t", MMT: "mm", CMT: "cm", MTR: "m", "4H": "µm", C16: "mm/s",
  MTS: "m/s", RPM: "rpm", LTR: "l", MLT: "ml", BAR: "bar", HUR: "h", MIN: "min", LUX: "lx", HTZ: "Hz", VLT: "V", AMP: "A", WTT: "W", KPA: "kPa",
  NA: "mg/kg", GP: "mg/m³",
};
export const unitSign = (code) => UNITS[code] ?? code ?? "";
export const figure = (value, places = 2) => (value === null || value === undefined ? "–" : Number(value.toFixed(places)).toString());
export const amount = (value, unit, places) => `${figure(value, places)} ${unitSign(unit)}`.trim();
// "RelativeHumidity" and "core_temperature" as words.
export const spaced = (name) => words(name).replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
