// How things are called on the page.

const KINDS = {
  serial: "item",
  lot: "lot",
  class: "product",
  logistic_unit: "logistic unit",
  asset: "asset",
  place: "place",
  party: "party",
  person: "person",
  document: "document",
  other: "item",
};

const STATES = {
  captured: "kept by this server, not yet on the chain",
  sent: "given to the chain, not yet in a block",
  recorded: "in a block of the chain",
  final: "in a block that the chain calls final",
};

const NAMES = new Map();

// Names of organisations' places and parties, learnt from the server once.
export function learnNames(pairs) {
  for (const [uri, name] of pairs) NAMES.set(uri, name);
}

export const kindWord = (kind, count = 1) => {
  const word = KINDS[kind] ?? kind;
  return count === 1 ? word : word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
};

export const stateMeaning = (state) => STATES[state] ?? "";
export const words = (term) => (term ?? "").replaceAll("_", " ");

// A GS1 Digital Link as its element string, another URI by its last part.
export function shortName(uri) {
  if (!uri) return "";
  if (NAMES.has(uri)) return NAMES.get(uri);
  const path = uri.match(/^https:\/\/id\.gs1\.org\/(.+)$/);
  if (path) {
    const parts = path[1].split("/").map(decodeURIComponent);
    let text = "";
    for (let i = 0; i + 1 < parts.length; i += 2) text += `(${parts[i]})${parts[i + 1]}`;
    return text;
  }
  return uri;
}

// The last qualifier, for narrow places: the serial or the lot.
export function shortestName(uri) {
  const path = uri.match(/^https:\/\/id\.gs1\.org\/(.+)$/);
  const tail = decodeURIComponent((path ? path[1] : uri).split("/").pop());
  return tail.length > 22 ? `…${tail.slice(-20)}` : tail;
}

// A time as it was where it happened: local clock and offset, never the browser's own zone.
export function localTime(iso, offset) {
  const sign = offset?.startsWith("-") ? -1 : 1;
  const [hours, minutes] = (offset ?? "+00:00").slice(1).split(":").map(Number);
  const shifted = new Date(Date.parse(iso) + sign * (hours * 60 + minutes) * 60000).toISOString();
  return { date: shifted.slice(0, 10), time: shifted.slice(11, 16), offset: offset ?? "Z" };
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86400).toFixed(1)} d`;
}

const UNITS = { CEL: "°C", FAH: "°F", KEL: "K", P1: "%", KGM: "kg", GRM: "g", MMT: "mm" };
export const unitSign = (code) => UNITS[code] ?? code ?? "";
export const figure = (value) => (value === null || value === undefined ? "–" : Number(value.toFixed(2)).toString());
