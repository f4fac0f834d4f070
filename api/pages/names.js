// What items, places and organisations are called: the name that the server knows, always beside the identifier.

const NAMES = new Map();
let invented = false;
const CANONICAL = "https://id.gs1.org/";
const SYNTHETIC = / \(synthetic\)$/;

// A demonstration says once, on top of the page, that everything in it is invented; not beside each name again.
export function learnNames(names, demonstration) {
  invented = demonstration;
  for (const [uri, name] of Object.entries(names)) NAMES.set(uri, plain(name));
}

export const plain = (name) => (invented ? name.replace(SYNTHETIC, "") : name);
export const organisationName = ({ name, uri }) => plain(name) || NAMES.get(uri) || elementString(uri);

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// [[application identifier, value], …] of a canonical GS1 Digital Link, else null.
function elements(uri) {
  if (!uri.startsWith(CANONICAL)) return null;
  const parts = uri.slice(CANONICAL.length).split("/").map(decoded);
  const pairs = [];
  for (let i = 0; i + 1 < parts.length; i += 2) pairs.push([parts[i], parts[i + 1]]);
  return pairs;
}

export function elementString(uri) {
  return elements(uri)?.map(([key, value]) => `(${key})${value}`).join("") ?? uri;
}

// The class of a lot or a serial item: its GTIN.
export function productOf(uri) {
  const pairs = elements(uri);
  return pairs?.[0]?.[0] === "01" ? `${CANONICAL}01/${pairs[0][1]}` : "";
}

const TAILS = { 10: "lot", 21: "no.", "00": "unit", 235: "no.", 8004: "asset", 8003: "asset" };

// How one item is told from its like: "lot VV-0504-A7", "no. 1101", "unit …050102".
export function ownId(uri) {
  const pairs = elements(uri);
  if (!pairs?.length) return uri.split(/[/:]/).filter(Boolean).pop() ?? uri;
  const [key, value] = pairs.at(-1);
  return TAILS[key] ? `${TAILS[key]} ${value}` : value;
}

// {id, name}: what tells it from others, and what it is; either may be all that is known.
export function label(uri) {
  const own = NAMES.get(uri);
  if (own) return { id: own, name: elementString(uri), isNamed: true };
  return { id: ownId(uri), name: NAMES.get(productOf(uri)) ?? "", isNamed: false };
}

// Where the kind is said beside it: "095210030000050201" for "unit 095210030000050201".
export const bareId = (id) => id.replace(/^(unit|asset) /, "");

export const placeName = (uri) => (uri ? NAMES.get(uri) ?? elementString(uri) : "");
export const fullName = (uri) => {
  const { id, name } = label(uri);
  return name ? `${id}, ${name}` : id === uri ? uri : `${id}, ${elementString(uri)}`;
};
export const href = (uri) => `/?item=${encodeURIComponent(uri)}`;
export const lotHref = (uri) => `/lot?item=${encodeURIComponent(uri)}`;
