// Asking the server, with the API key of this tab if it has one. The key comes from the address's fragment or from the
// field, is kept in sessionStorage alone, and leaves this page only in the Authorization header.

import { el } from "./dom.js";

const SLOT = "lotmark-key";
const KEY = /^[\x21-\x7e]{1,500}$/;

export const failure = (message, status, problems = []) => Object.assign(new Error(message), { status, problems });

export const hasKey = () => sessionStorage.getItem(SLOT) !== null;
export const forgetKey = () => sessionStorage.removeItem(SLOT);

// False where `text` cannot be a key.
export function keepKey(text) {
  if (!KEY.test(text.trim())) return false;
  sessionStorage.setItem(SLOT, text.trim());
  return true;
}

// Takes `#key=…` out of the address, before anything else can see it there. False where there is none.
export function takeKey() {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given === null) return false;
  history.replaceState(null, "", location.pathname + location.search);
  forgetKey();
  keepKey(given);
  return true;
}

export async function ask(path, { headers = {}, ...options } = {}) {
  const bearer = hasKey() ? { authorization: `Bearer ${sessionStorage.getItem(SLOT)}` } : {};
  const response = await fetch(path, { headers: { ...bearer, ...headers }, ...options }).catch(() => null);
  if (!response) throw failure("The server does not answer. Is it running?", 0);
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw failure(body.detail ?? response.statusText, response.status, body.problems);
}

export const get = async (path) => (await ask(path)).json().catch(() => ({}));

// `body` undefined: a deed that needs no words.
export async function post(path, body) {
  const given = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return (await ask(path, { method: "POST", ...given })).json();
}

// A link to a file; with a key it is fetched, since a link cannot bear one.
export function downloadLink(text, path, attributes = {}) {
  const link = el("a", { ...attributes, href: path, download: "" }, text);
  const note = el("span", { class: "note", role: "status" });
  link.addEventListener("click", async (click) => {
    if (!hasKey()) return;
    click.preventDefault();
    note.textContent = " Fetching it …";
    try {
      const response = await ask(path);
      const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition"))?.[1];
      save(await response.blob(), name ?? "proof.bundle.json");
      note.textContent = "";
    } catch (error) {
      note.textContent = ` It could not be fetched: ${error.message}`;
    }
  });
  return [link, note];
}

export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
