// Where the nodes of a genealogy stand: columns by distance from the traced item, rows so that edges cross little.
// (Layered drawing after Sugiyama, Tagawa and Toda, 1981.) Pure: knows neither the page nor the words on it.

import { columnsOf } from "./columns.js";
import { fold } from "./folding.js";

const BEND = 0.35, SWEEPS = 8;
const NOTHING = { markOf: () => "", productOf: () => "", unfolded: new Set() };

// A trace → {nodes: [{id, uris, kind, column, row, mark, key}], links: [{source, target, relation, certain, verdicts, edges, bends}]}.
// `row` is in units of one node; a bend is where a link passes a column that it does not end in.
export function layers(trace, options = {}) {
  const origin = trace.item.uri;
  const lots = new Map(trace.edges.filter((edge) => edge.relation === "of_lot").map((edge) => [edge.target, edge.source]));
  const columns = columnsOf(trace.items.map((item) => item.uri), trace.edges, origin);
  const nodes = fold(trace.items, columns, { ...NOTHING, lotOf: (uri) => lots.get(uri), ...options, origin });
  const links = mergedLinks(trace.edges, nodes);
  arrange(nodes, links);
  return { nodes, links };
}

function mergedLinks(edges, nodes) {
  const nodeOf = new Map(nodes.flatMap((node) => node.uris.map((uri) => [uri, node])));
  const links = new Map();
  for (const edge of edges) {
    const [source, target] = [nodeOf.get(edge.source), nodeOf.get(edge.target)];
    if (!source || !target || source === target) continue;
    const key = JSON.stringify([source.id, target.id, edge.relation]);
    const link = links.get(key) ?? { source, target, relation: edge.relation, certain: true, verdicts: new Set(), edges: [], bends: [] };
    link.certain &&= edge.certainty === "certain";
    link.verdicts.add(edge.verdict);
    link.edges.push(edge);
    links.set(key, link);
  }
  return [...links.values()];
}

function arrange(nodes, links) {
  const spots = nodes.map((node) => Object.assign(node, { row: 0, size: 1, left: [], right: [] }));
  for (const link of links) spots.push(...route(link));
  const columns = [...Map.groupBy(spots, (spot) => spot.column)].sort(([a], [b]) => a - b).map(([, list]) => list);
  columns.forEach((list) => stack(list.sort(byLook)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const rightwards = sweep % 2 === 0;
    for (const list of rightwards ? columns : [...columns].reverse()) {
      const wish = new Map(list.map((spot) => [spot, mean(rightwards ? spot.left : spot.right) ?? spot.row]));
      stack(list.sort((a, b) => wish.get(a) - wish.get(b)));
      shift(list, rightwards ? "left" : "right");
    }
  }
  for (const spot of spots) delete spot.left, delete spot.right;
}

// Joins the ends of a link for the ordering, through a bend in each column between them.
function route(link) {
  const { source, target } = link;
  if (target.column <= source.column) return [];
  for (let column = source.column + 1; column < target.column; column += 1) {
    link.bends.push({ column, row: 0, size: BEND, left: [], right: [], id: "" });
  }
  const path = [source, ...link.bends, target];
  for (let i = 0; i + 1 < path.length; i += 1) {
    path[i].right.push(path[i + 1]);
    path[i + 1].left.push(path[i]);
  }
  return link.bends;
}

const byLook = (a, b) => (a.kind ?? "").localeCompare(b.kind ?? "") || (a.id < b.id ? -1 : 1);
const mean = (spots) => (spots.length ? spots.reduce((sum, spot) => sum + spot.row, 0) / spots.length : undefined);

// One under the other, around the middle.
function stack(list) {
  let row = -list.reduce((sum, spot) => sum + spot.size, 0) / 2;
  for (const spot of list) {
    spot.row = row + spot.size / 2;
    row += spot.size;
  }
}

// The whole column towards its neighbours.
function shift(list, side) {
  const gaps = list.filter((spot) => spot[side].length).map((spot) => mean(spot[side]) - spot.row);
  const by = gaps.length ? gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length : 0;
  for (const spot of list) spot.row += by;
}
