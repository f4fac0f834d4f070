// What is said where something could not be shown or done, and what to do about it.

import { button, el } from "./dom.js";
import { askForKey } from "./key.js";
import { forgetKey, hasKey } from "./server.js";

export function showFailure(main, error) {
  document.title = "Not found · Lotmark";
  const unreadable = error.status === 400 && ["/", "/lot"].includes(location.pathname);
  const refused = error.status === 401 && hasKey();
  if (refused) forgetKey();
  if (error.status === 401) askForKey();
  const title = error.status === 404 ? "Nothing is recorded about this here" : unreadable ? "This is no identifier that can be traced" : refused ? "That API key is not accepted" : error.status === 401 ? "This needs an API key" : "That did not work";
  const lines = error.problems?.length
    ? error.problems.flatMap(({ message, expected, advice }) => [sentence(message), expected && `Expected: ${expected}.`, advice && sentence(advice)])
    : [refused ? "It is unknown here or revoked, and was forgotten. Enter another one above." : error.status === undefined ? "The server's answer could not be shown. This is a fault of this page." : error.message];
  const again = unreadable || refused || error.status === 404 ? null : button("Try again", () => location.reload());
  main.replaceChildren(el("section", { class: "head failure", role: "alert" }, el("h1", {}, title), lines.filter(Boolean).map((line) => el("p", {}, line)), again));
  if (unreadable) document.getElementById("item").setAttribute("aria-invalid", "true");
}

// One line about a deed that failed; a key is asked for where one may help.
export function failureWords(error) {
  if (error.status === 401) askForKey();
  if (error.status === 401) return "This needs an API key that may write. Enter one at the top of the page.";
  if (error.status === 403) return "This API key may read, but not decide: it needs one of scope write.";
  return error.problems?.length ? error.problems.map(({ message }) => sentence(message)).join(" ") : error.message;
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
