// An incident's message as people read it: names for identifiers, signs for units, shorter times; what the card says anyway left out.

import { label } from "../names.js";
import { moment, spaced, unitSign } from "../words.js";

const URI = /\b(?:https?|urn):[^\s()]*[^\s():.,;]/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

export function messageOf({ message, quantity_kind, evidence }) {
  const { unit } = evidence;
  const said = message.replace(/ \(sensor [^()]*\)$/, "").replace(URI, (uri) => label(uri).id).replace(TIME, moment);
  const signed = unit ? said.replaceAll(new RegExp(`(\\d) ${unit}\\b`, "g"), (_, digit) => `${digit} ${unitSign(unit)}`) : said;
  return quantity_kind && signed.startsWith(quantity_kind) ? `${sentence(spaced(quantity_kind))}${signed.slice(quantity_kind.length)}` : signed;
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;
