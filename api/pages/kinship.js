// How each item of a trace belongs to the traced one: upstream (it comes from this), downstream (it went into this), and
// whether that is certain. Pure.

// Map(uri → {way: "itself" | "upstream" | "downstream", certain}); what is beside the traced item is not in it.
export function kinship(trace) {
  const found = new Map();
  for (const [way, from, to] of [["downstream", "source", "target"], ["upstream", "target", "source"]]) {
    const sure = reached(trace.item.uri, trace.edges.filter((edge) => edge.certainty === "certain"), from, to);
    for (const uri of reached(trace.item.uri, trace.edges, from, to)) if (!found.has(uri)) found.set(uri, { way, certain: sure.has(uri) });
  }
  return found.set(trace.item.uri, { way: "itself", certain: true });
}

function reached(origin, edges, from, to) {
  const ahead = Map.groupBy(edges, (edge) => edge[from]);
  const seen = new Set([origin]);
  for (const uri of seen) for (const edge of ahead.get(uri) ?? []) seen.add(edge[to]);
  return seen;
}
