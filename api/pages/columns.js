// Which column each item of a genealogy stands in: the traced item in 0, what it is made of to the left, what it went into
// to the right, so that every edge points right. An edge that would close a cycle is left out of this.

export function columnsOf(uris, edges, origin) {
  const after = successors(uris, edges);
  const entered = new Set([...after.values()].flatMap((following) => [...following]));
  const { order, cut } = depthFirst([...uris.filter((uri) => !entered.has(uri)), origin, ...uris], after);
  const ahead = new Map(order.map((uri) => [uri, [...after.get(uri)].filter((next) => !cut.has(`${uri}\n${next}`))]));
  const behind = new Map(order.map((uri) => [uri, []]));
  for (const [uri, following] of ahead) for (const next of following) behind.get(next).push(uri);

  const columns = new Map([[origin, 0]]);
  const reversed = [...order].reverse();
  spread(order, ahead, columns, (known, from) => Math.max(known ?? -Infinity, from + 1), origin);
  spread(reversed, behind, columns, (known, from) => Math.min(known ?? Infinity, from - 1), origin);
  placeOthers(order, reversed, ahead, behind, columns);
  for (const uri of order) for (const next of ahead.get(uri)) columns.set(next, Math.max(columns.get(next), columns.get(uri) + 1));
  return columns;
}

function successors(uris, edges) {
  const after = new Map(uris.map((uri) => [uri, new Set()]));
  for (const { source, target } of edges) if (after.has(source) && after.has(target) && source !== target) after.get(source).add(target);
  return after;
}

// A topological order, and the edges that had to be cut for there to be one. Without recursion: chains may be long.
function depthFirst(starts, after) {
  const state = new Map(), finished = [], cut = new Set();
  for (const start of starts) {
    if (!after.has(start) || state.has(start)) continue;
    const stack = [[start, after.get(start).values()]];
    state.set(start, "open");
    while (stack.length) {
      const [uri, rest] = stack.at(-1);
      const { value: next, done } = rest.next();
      if (done) {
        state.set(uri, "done");
        finished.push(uri);
        stack.pop();
      } else if (!state.has(next)) {
        state.set(next, "open");
        stack.push([next, after.get(next).values()]);
      } else if (state.get(next) === "open") {
        cut.add(`${uri}\n${next}`);
      }
    }
  }
  return { order: finished.reverse(), cut };
}

// Longest distances from the origin, along `next`.
function spread(order, next, columns, further, origin) {
  const reached = new Set([origin]);
  for (const uri of order) {
    if (!reached.has(uri)) continue;
    for (const other of next.get(uri)) {
      columns.set(other, further(reached.has(other) ? columns.get(other) : undefined, columns.get(uri)));
      reached.add(other);
    }
  }
}

// What is neither before nor after the traced item (the lot of a case, the crate of an ingredient): beside its neighbours.
function placeOthers(order, reversed, ahead, behind, columns) {
  const known = (list) => list.map((uri) => columns.get(uri)).filter((column) => column !== undefined);
  for (let before = -1; before !== columns.size; ) {
    before = columns.size;
    for (const uri of order) {
      const left = columns.has(uri) ? [] : known(behind.get(uri));
      if (left.length) columns.set(uri, Math.max(...left) + 1);
    }
    for (const uri of reversed) {
      const right = columns.has(uri) ? [] : known(ahead.get(uri));
      if (right.length) columns.set(uri, Math.min(...right) - 1);
    }
  }
  for (const uri of order) if (!columns.has(uri)) columns.set(uri, 0);
}
