// Something that a person may decide: a button that opens a short form, which says how it went.

import { el } from "./dom.js";
import { failureWords } from "./failure.js";

let forms = 0;

// As the server knows them; what each says.
export const CAUSES = {
  cooling: "cooling or heating failed", door: "left open, or loading took too long", sensor: "the sensor was wrong, the goods were not", power: "power failed",
  material: "the material or its supplier", process: "the process or its settings", machine: "the machine or a tool", people: "a mistake or missing training",
  transport: "transport took too long or went wrong", planned: "planned: maintenance, cleaning, a test", false_alarm: "nothing was wrong; the rule is too tight",
  unknown: "not found out", other: "none of these; the words say what",
};

export const text = (name, title, attributes = {}) => ({ title, control: el("input", { name, maxlength: 200, autocomplete: "off", ...attributes }) });
export const words = (name, title) => ({ title, control: el("textarea", { name, rows: 2, maxlength: 4000, required: true }) });
export const choice = (name, title, options, attributes = {}) =>
  ({ title, control: el("select", { name, ...attributes }, options.map(([value, said]) => el("option", { value }, said))) });
export const cause = (optional) =>
  choice("cause_code", "Cause", [["", optional ? "not known yet" : "choose …"], ...Object.entries(CAUSES).map(([code, said]) => [code, `${code.replaceAll("_", " ")}: ${said}`])], { required: !optional });

// `send` gets what was entered, by name.
export function deed(title, fields, send, { says = title, plain = true } = {}) {
  const submit = el("button", {}, title);
  const note = el("p", { class: "note", role: "status" });
  const form = el("form", {}, fields.map(labelled), el("p", {}, submit), note);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    note.textContent = "One moment …";
    try {
      await send(Object.fromEntries(new FormData(form)));
      note.textContent = "";
    } catch (error) {
      note.textContent = failureWords(error);
    }
    submit.disabled = false;
  });
  return el("details", { class: "deed" }, el("summary", { class: `button ${plain ? "plain" : ""}`, "aria-label": says }, title), form);
}

// Without a form: one press.
export function press(title, send, { says = title } = {}) {
  const note = el("span", { class: "note", role: "status" });
  const node = el("button", { type: "button", class: "plain", "aria-label": says }, title);
  node.addEventListener("click", async () => {
    node.disabled = true;
    await send().catch((error) => (note.textContent = ` ${failureWords(error)}`));
    node.disabled = false;
  });
  return [node, note];
}

function labelled({ title, control }) {
  const id = `deed-${++forms}`;
  control.id = id;
  return el("p", {}, el("label", { for: id }, title), control);
}
