// Which items had something measured outside their limits, or failed an inspection; and which are made of such items.

// The marks, worst first: measured on the item itself; failed at an inspection; measured where it was (its container, its
// room); made of something that was marked before.
export const MARKS = { outside: "outside limits", failed: "failed inspection", exposed: "exposed", inherited: "made of such" };

// Map(uri → the holds that it is under): its own, or those of something that it was made of.
export function holdsBy(trace) {
  const found = new Map();
  for (const hold of trace.holds ?? []) for (const uri of hold.items) found.set(uri, [...(found.get(uri) ?? []), hold]);
  return found;
}

// A trace → {markOf(uri) → one of MARKS or "", because: Map(uri → [{step} or {inspection}]), inherited: Map(uri → uris), held}.
export function marksOf(trace) {
  const times = new Map(trace.events.map((event) => [event.commitment, event.event_time]));
  const namedIn = Map.groupBy(trace.events, (event) => event.commitment);
  const isNamed = (uri, commitment) => namedIn.get(commitment)?.[0].mentions.some((mention) => mention.item === uri);
  const onItself = ({ step }) => step?.sources.some((source) => source === step.item || isNamed(step.item, source));
  const begun = new Map();
  const because = new Map();
  const note = (uri, reason, time) => {
    because.set(uri, [...(because.get(uri) ?? []), reason]);
    if (time && (!begun.has(uri) || time < begun.get(uri))) begun.set(uri, time);
  };
  for (const step of trace.quality) if (step.verdict === "outside") note(step.item, { step }, times.get(step.commitment));
  for (const inspection of trace.inspections) if (inspection.passed === false) note(inspection.item, { inspection }, inspection.time);
  const own = new Set(because.keys());
  const inherited = inherit(trace, own, begun, times);
  const marks = new Map([...because].map(([uri, reasons]) => [uri, worst(reasons, onItself)]));
  const markOf = (uri) => marks.get(uri) ?? (inherited.has(uri) ? "inherited" : "");
  return { markOf, because, inherited, held: holdsBy(trace) };
}

const worst = (reasons, onItself) => (reasons.some(onItself) ? "outside" : reasons.some((reason) => reason.inspection) ? "failed" : "exposed");

// What was made of a marked item after it was marked, and so on: Map(uri → the marked items that it goes back to).
function inherit(trace, own, begun, times) {
  const made = Map.groupBy(trace.edges.filter((edge) => edge.relation === "transformed"), (edge) => edge.source);
  const inherited = new Map();
  for (const start of own) {
    const waiting = [start], seen = new Set(waiting);
    while (waiting.length) {
      for (const edge of made.get(waiting.pop()) ?? []) {
        const when = edge.events.map((commitment) => times.get(commitment)).filter(Boolean).sort().at(-1);
        if (seen.has(edge.target) || (when && when < begun.get(start))) continue;
        seen.add(edge.target);
        waiting.push(edge.target);
        if (!own.has(edge.target)) inherited.set(edge.target, [...(inherited.get(edge.target) ?? []), start]);
      }
    }
  }
  return inherited;
}
