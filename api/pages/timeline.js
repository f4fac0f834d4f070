// The events in the order in which they happened, each with who vouches for it, its state, and the quality measured.

import { button, el } from "./dom.js";
import { entry } from "./entry.js";
import { readIn } from "./quality.js";
import { counted, STATES } from "./words.js";

const FIRST = 100;

export function timeline(trace) {
  const steps = Map.groupBy(trace.quality, (step) => step.commitment);
  const inspections = byEvent(trace);
  const events = [...trace.events].sort((a, b) => Date.parse(a.event_time) - Date.parse(b.event_time));
  const context = { trace, steps, isRead: readIn(trace), inspections, known: new Set(trace.items.map((item) => item.uri)), all: new Map(events.map((event) => [event.commitment, event])) };
  const list = el("ol", { class: "timeline" });
  const note = el("p", { class: "note", role: "status" });
  const choices = filters(context).filter(([, test], i) => !i || events.some(test));
  const buttons = choices.map(([name, test], i) => button(`${name} (${events.filter(test).length})`, () => choose(i), { "aria-pressed": "false" }));
  const choose = (chosen) => {
    buttons.forEach((each, i) => each.setAttribute("aria-pressed", String(i === chosen)));
    show(list, note, events.filter(choices[chosen][1]), context);
  };
  choose(0);
  return el("section", { "aria-labelledby": "happened" }, el("h2", { id: "happened" }, "What happened"),
    choices.length > 1 ? el("div", { class: "filters", role: "group", "aria-label": "Which events" }, buttons) : null, note, list, stateLegend(events));
}

function filters({ trace, steps, inspections }) {
  const wrong = (event) => (steps.get(event.commitment) ?? []).some((step) => step.verdict === "outside")
    || (inspections.get(event.commitment) ?? []).some((inspection) => inspection.passed === false)
    || event.corrected_by.length > 0 || event.conflicts_with.length > 0;
  return [
    ["All events", () => true],
    ["Naming this item", (event) => event.mentions.some((mention) => mention.item === trace.item.uri)],
    ["Something wrong", wrong],
  ];
}

function show(list, note, events, context) {
  list.replaceChildren(...events.slice(0, FIRST).map((event) => entry(event, context)));
  note.textContent = "";
  if (events.length <= FIRST) return;
  const rest = events.slice(FIRST);
  note.append(`The first ${FIRST} of ${events.length}. `, button(`Show the other ${rest.length}`, () => {
    list.append(...rest.map((event) => entry(event, context)));
    note.textContent = "";
  }, { class: "plain" }));
}

// Each inspection beside the last event of its item before it, or the first one.
function byEvent(trace) {
  const naming = new Map();
  for (const event of trace.events) for (const { item } of event.mentions) naming.set(item, [...(naming.get(item) ?? []), event]);
  return Map.groupBy(trace.inspections, ({ item, time }) => {
    const events = naming.get(item) ?? [];
    return (events.findLast((event) => Date.parse(event.event_time) <= Date.parse(time)) ?? events[0])?.commitment;
  });
}

function stateLegend(events) {
  const present = Object.keys(STATES).filter((state) => events.some((event) => event.state === state));
  return el("p", { class: "note" }, `${counted(events.length, "event")}; times are those of the place where it happened. `,
    present.map((state) => [el("b", {}, state), `: ${STATES[state]}. `]));
}
