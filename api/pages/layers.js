// Where the nodes of a genealogy stand: columns by distance from the traced item, rows so that edges cross little.
// Items with the same neighbours, kind and marks are drawn as one group. (Layered drawing after Sugiyama et al., 1981.)

const GROUP_FROM = 3;

// items: [{uri, kind, …}], edges: [{source, target, …}] → {nodes: [{id, uris, kind, column, row, marked}], links: […]}
export function layers(trace, marked) {
  const columns = columnsOf(trace);
  const nodes = groups(trace, columns, marked);
  const nodeOf = new Map(nodes.flatMap((node) => node.uris.map((uri) => [uri, node])));
  const links = mergedLinks(trace.edges, nodeOf);
  order(nodes, links);
  return { nodes, links };
}

// Signed distance from the traced item: what it is made of to the left, what it went into to the right.
function columnsOf(trace) {
  const forward = neighbours(trace.edges, "source", "target");
  const backward = neighbours(trace.edges, "target", "source");
  const columns = new Map([[trace.item.uri, 0]]);
  walk(trace.item.uri, backward, -1, columns);
  walk(trace.item.uri, forward, 1, columns);
  for (const item of trace.items) if (!columns.has(item.uri)) columns.set(item.uri, beside(item.uri, columns, forward, backward));
  return columns;
}

function neighbours(edges, from, to) {
  const map = new Map();
  for (const edge of edges) {
    if (!map.has(edge[from])) map.set(edge[from], new Set());
    map.get(edge[from]).add(edge[to]);
  }
  return map;
}

// Longest distance, so that every edge points right; a cycle ends at the second visit of a path.
function walk(start, next, step, columns) {
  const limit = 60;
  let frontier = new Set([start]);
  for (let depth = 1; frontier.size && depth < limit; depth += 1) {
    const following = new Set();
    for (const uri of frontier) {
      for (const other of next.get(uri) ?? []) {
        const known = columns.get(other);
        if (other === start || (known !== undefined && Math.sign(known) === -step)) continue;
        if (known === undefined || Math.abs(known) < depth) {
          columns.set(other, step * depth);
          following.add(other);
        }
      }
    }
    frontier = following;
  }
}

function beside(uri, columns, forward, backward) {
  for (const other of forward.get(uri) ?? []) if (columns.has(other)) return columns.get(other) - 1;
  for (const other of backward.get(uri) ?? []) if (columns.has(other)) return columns.get(other) + 1;
  return 0;
}

function groups(trace, columns, marked) {
  const forward = neighbours(trace.edges, "source", "target");
  const backward = neighbours(trace.edges, "target", "source");
  const found = new Map();
  for (const item of trace.items) {
    const alone = item.uri === trace.item.uri;
    const key = alone ? item.uri : JSON.stringify([
      columns.get(item.uri), item.kind, marked.has(item.uri),
      [...(backward.get(item.uri) ?? [])].sort(), [...(forward.get(item.uri) ?? [])].sort(),
    ]);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(item);
  }
  const nodes = [];
  for (const members of found.values()) {
    const parts = members.length >= GROUP_FROM ? [members] : members.map((item) => [item]);
    for (const part of parts) {
      nodes.push({
        id: part[0].uri, uris: part.map((item) => item.uri), kind: part[0].kind,
        column: columns.get(part[0].uri), row: 0, marked: marked.has(part[0].uri),
      });
    }
  }
  return nodes;
}

function mergedLinks(edges, nodeOf) {
  const links = new Map();
  for (const edge of edges) {
    const [source, target] = [nodeOf.get(edge.source), nodeOf.get(edge.target)];
    if (!source || !target || source === target) continue;
    const key = `${source.id}\n${target.id}\n${edge.relation}`;
    const link = links.get(key) ?? { source, target, relation: edge.relation, certain: true, edges: [] };
    link.certain = link.certain && edge.certainty === "certain";
    link.edges.push(edge);
    links.set(key, link);
  }
  return [...links.values()];
}

// Sweeps that put each node at the mean row of its neighbours in the column before, then after.
function order(nodes, links) {
  const byColumn = new Map();
  for (const node of nodes) byColumn.set(node.column, [...(byColumn.get(node.column) ?? []), node]);
  const columns = [...byColumn.keys()].sort((a, b) => a - b);
  const place = (list) => list.forEach((node, index) => (node.row = index - (list.length - 1) / 2));
  columns.forEach((column) => place(byColumn.get(column).sort((a, b) => (a.id < b.id ? -1 : 1))));
  const mean = (node, side, other) => {
    const rows = links.filter((link) => link[side] === node).map((link) => link[other].row);
    return rows.length ? rows.reduce((sum, row) => sum + row, 0) / rows.length : node.row;
  };
  for (let sweep = 0; sweep < 6; sweep += 1) {
    const forwards = sweep % 2 === 0;
    for (const column of forwards ? columns : [...columns].reverse()) {
      const list = byColumn.get(column);
      const keys = new Map(list.map((n) => [n, forwards ? mean(n, "target", "source") : mean(n, "source", "target")]));
      place(list.sort((a, b) => keys.get(a) - keys.get(b)));
    }
  }
}
