// Freezing limits: from all points but those that are left out, each with its assignable cause, as a new version.

import { deed, text } from "../deed.js";
import { el } from "../dom.js";
import { post } from "../server.js";
import { pointName } from "../charts/control.js";

const SELECTION = ["item", "equipment", "place", "sensor", "start", "end", "by", "kind", "rules"];

export function freezing(chart, asked, again) {
  const left = new Map();
  const why = el("div", {});
  const box = (point) => {
    const control = el("input", { type: "checkbox", "aria-label": `leave out ${pointName(point)}` });
    control.addEventListener("change", () => {
      if (control.checked) left.set(point, reason(point, why));
      else left.get(point).remove(), left.delete(point);
      if (control.checked) form.open = true;
    });
    return control;
  };
  const form = deed("Freeze limits", [text("frozen_by", "Frozen by")], async ({ frozen_by }) => {
    const excluded = [...left].map(([{ label, time }, line]) => ({ label: String(label), time, reason: line.querySelector("input").value }));
    await post("/quality/spc/limits", { characteristic: chart.characteristic, ...given(asked), frozen_by, excluded });
    await again();
  });
  form.querySelector("form").prepend(el("p", { class: "note" }, "From all points of this selection but those left out, as a new version; what comes later is judged by it. Older versions stay."), why);
  return { form: el("div", { class: "deeds" }, form), box };
}

const given = (asked) => Object.fromEntries(SELECTION.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));

function reason(point, place) {
  const line = el("p", {}, el("label", {}, `Why is ${pointName(point)} left out?`, el("input", { required: true, maxlength: 500, autocomplete: "off" })));
  place.append(line);
  return line;
}
