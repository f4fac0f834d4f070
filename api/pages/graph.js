// The genealogy as a picture: what the item is made of to the left, what it went into to the right.

import { el, svg } from "./dom.js";
import { layers } from "./layers.js";
import { kindWord, shortName, shortestName } from "./words.js";

const WIDTH = 168, HEIGHT = 46, GAP_X = 92, GAP_Y = 18;

export function graph(trace, marked) {
  const { nodes, links } = layers(trace, marked);
  const columns = nodes.map((node) => node.column), rows = nodes.map((node) => node.row);
  const [left, top] = [Math.min(...columns), Math.min(...rows)];
  const at = (node) => [(node.column - left) * (WIDTH + GAP_X) + 12, (node.row - top) * (HEIGHT + GAP_Y) + 12];
  const width = (Math.max(...columns) - left) * (WIDTH + GAP_X) + WIDTH + 24;
  const height = (Math.max(...rows) - top) * (HEIGHT + GAP_Y) + HEIGHT + 24;
  const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": summary(trace, nodes) });
  picture.append(svg("defs", {}, svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    svg("path", { d: "M0 0L8 4L0 8z" }))));
  for (const link of links) picture.append(drawLink(link, at));
  for (const node of nodes) picture.append(drawNode(node, at, trace.item.uri));
  const frame = el("div", { class: "graph", tabindex: "0", "aria-label": "genealogy, scrollable" }, picture);
  queueMicrotask(() => centre(frame, nodes.find((node) => node.id === trace.item.uri), at));
  return el("section", {}, el("h2", {}, "Genealogy"), frame, legend(links));
}

function summary(trace, nodes) {
  const before = nodes.filter((node) => node.column < 0).length, after = nodes.filter((node) => node.column > 0).length;
  return `Genealogy of ${shortName(trace.item.uri)}: ${before} nodes before it, ${after} after it`;
}

function centre(frame, node, at) {
  if (!node) return;
  const [x, y] = at(node);
  frame.scrollLeft = x + WIDTH / 2 - frame.clientWidth / 2;
  frame.scrollTop = y + HEIGHT / 2 - frame.clientHeight / 2;
}

function drawLink(link, at) {
  const [sx, sy] = at(link.source), [tx, ty] = at(link.target);
  const backwards = link.target.column <= link.source.column;
  const [x1, y1] = backwards ? [sx + WIDTH / 2, sy + HEIGHT] : [sx + WIDTH, sy + HEIGHT / 2];
  const [x2, y2] = backwards ? [tx + WIDTH / 2, ty] : [tx, ty + HEIGHT / 2];
  const bend = backwards ? 0 : (x2 - x1) / 2;
  const path = svg("path", {
    class: `link ${link.relation} ${link.certain ? "certain" : "possible"}`, "marker-end": "url(#tip)",
    d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
  });
  path.append(svg("title", {}, linkWords(link)));
  return path;
}

function linkWords(link) {
  const [edge] = link.edges;
  const amount = edge.quantity === null || edge.quantity === undefined ? "" : `, ${edge.quantity} ${edge.uom ?? ""}`;
  const claim = edge.claimant?.name ? `, says ${edge.claimant.name} (${edge.verdict.replaceAll("_", " ")})` : "";
  return `${link.relation.replaceAll("_", " ")}${link.certain ? "" : " (possible)"}${amount}${claim}`;
}

function drawNode(node, at, traced) {
  const [x, y] = at(node), many = node.uris.length > 1;
  const title = many ? `${node.uris.length} ${kindWord(node.kind, 2)}` : shortestName(node.id);
  const below = many ? `${shortestName(node.uris[0])} …` : kindWord(node.kind);
  const classes = `node ${node.kind} ${node.id === traced ? "traced" : ""} ${node.marked ? "marked" : ""}`;
  const shape = svg("g", { class: classes, transform: `translate(${x} ${y})` },
    many ? svg("rect", { class: "behind", x: 5, y: 5, width: WIDTH, height: HEIGHT, rx: 8 }) : null,
    svg("rect", { width: WIDTH, height: HEIGHT, rx: 8 }),
    svg("text", { x: 12, y: 20, class: "name" }, title),
    svg("text", { x: 12, y: 36, class: "kind" }, below),
    svg("title", {}, node.uris.map(shortName).join("\n")));
  return svg("a", { href: `/?item=${encodeURIComponent(node.id)}` }, shape);
}

function legend(links) {
  const relations = [...new Set(links.map((link) => link.relation))].sort();
  const entries = relations.map((relation) => el("span", { class: `key ${relation}` }, relation.replaceAll("_", " ")));
  const possible = links.some((link) => !link.certain) ? el("span", { class: "key possible" }, "possible, not certain") : null;
  return el("p", { class: "legend" }, ...entries, possible);
}
