// The quiet line about the API key: a field where something is withheld without one, "forget" where there is one.

import { button, el } from "./dom.js";
import { forgetKey, hasKey, keepKey } from "./server.js";

export function showKey({ asked }) {
  const place = document.getElementById("access");
  place.hidden = !hasKey() && !asked;
  place.replaceChildren(hasKey() ? known() : field());
}

// Where something is refused for want of a key, though what is shown needed none.
export function askForKey() {
  const place = document.getElementById("access");
  place.hidden = false;
  place.replaceChildren(field());
}

const known = () => el("p", {}, "Shown with your API key, which this tab keeps until it is closed. ",
  button("Forget it", () => (forgetKey(), location.reload()), { class: "plain" }));

function field() {
  const input = el("input", { type: "password", id: "key", autocomplete: "off", spellcheck: "false", required: true });
  const note = el("span", { role: "status" });
  const form = el("form", {}, el("label", { for: "key" }, "API key"), input, el("button", { class: "plain" }, "Show what it may see"), note);
  form.addEventListener("submit", (submit) => {
    submit.preventDefault();
    if (keepKey(input.value)) location.reload();
    else note.textContent = "This is no API key.";
  });
  return form;
}
