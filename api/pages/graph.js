// The genealogy as a picture: what the item is made of to the left, what it went into to the right. Nodes are links in the
// document's own order of columns, so that keyboards and screen readers walk them; the lines are said in a table beside it.

import { button, el, styled, svg } from "./dom.js";
import { layers } from "./layers.js";
import { edgeTable } from "./edges.js";
import { MARKS } from "./marks.js";
import { bareId, fullName, href, label, productOf } from "./names.js";
import { amount, counted, kindWord, RELATIONS, VERDICTS } from "./words.js";

const WIDTH = 200, HEIGHT = 52, GAP_X = 72, GAP_Y = 18, MARGIN = 16;
const MEANINGS = {
  outside: ", measured on it", failed: "", exposed: ": what it was in was outside its limits", inherited: ": made of something marked before",
};

export function graph(trace, marks) {
  const section = el("section", { "aria-labelledby": "genealogy" });
  const unfolded = new Set();
  const draw = (focus) => {
    section.replaceChildren(...parts(trace, marks, unfolded, draw));
    const first = focus && section.querySelector(`[data-key="${CSS.escape(focus)}"]`);
    centre(section.querySelector(".graph"));
    first?.focus();
  };
  draw();
  requestAnimationFrame(() => centre(section.querySelector(".graph")));
  return section;
}

function parts(trace, marks, unfolded, redraw) {
  const { nodes, links } = layers(trace, { markOf: marks.markOf, productOf, unfolded });
  const size = place(nodes, links);
  const lines = svg("svg", { ...size, "aria-hidden": "true" }, arrows(), links.map(drawLink));
  const ordered = [...nodes].sort((a, b) => a.column - b.column || a.y - b.y);
  const boxes = ordered.map((node) => drawNode(node, trace.item.uri, unfolded, redraw, marks.held));
  highlight(ordered, boxes, links, lines);
  const canvas = styled(el("div", { class: "canvas" }, lines, el("ul", { class: "nodes" }, boxes)), { width: `${size.width}px`, height: `${size.height}px` });
  const frame = el("div", { class: "graph", role: "group", "aria-label": "Genealogy, from what it is made of to what it went into" }, canvas);
  frame.addEventListener("scroll", () => fade(frame), { passive: true });
  return [
    el("h2", { id: "genealogy" }, "Where it comes from, and where it went"),
    el("p", { class: "note" }, foldedWords(trace, nodes, links), fold(unfolded, redraw)),
    frame,
    el("p", { class: "note" }, "There is more than fits: scroll in the picture."),
    legend(nodes, links),
    edgeTable(trace),
  ];
}

function foldedWords(trace, nodes, links) {
  const folded = nodes.filter((node) => node.uris.length > 1);
  const all = `${counted(trace.items.length, "item")} and ${counted(trace.edges.length, "link")}`;
  if (!links.length) return `${counted(trace.items.length, "item")}: no event links it with another.`;
  if (!folded.length) return `${all}: on the left what it is made of, on the right what it went into. `;
  const inside = folded.reduce((sum, node) => sum + node.uris.length, 0);
  return `${all}: on the left what it is made of, on the right what it went into. ${inside} items are folded into ${folded.length === 1 ? "one box; press it" : `${folded.length} boxes; press one`} to unfold it. `;
}

const fold = (unfolded, redraw) =>
  unfolded.size ? button("Fold them again", () => (unfolded.clear(), redraw()), { class: "plain" }) : null;

// Gives every node and bend its x and y; returns the size of the picture.
function place(nodes, links) {
  const spots = [...nodes, ...links.flatMap((link) => link.bends)];
  const left = Math.min(...spots.map((spot) => spot.column)), top = Math.min(...spots.map((spot) => spot.row - spot.size / 2));
  for (const spot of spots) {
    spot.x = MARGIN + (spot.column - left) * (WIDTH + GAP_X);
    spot.y = MARGIN + (spot.row - top) * (HEIGHT + GAP_Y);
  }
  return {
    width: Math.max(...spots.map((spot) => spot.x)) + WIDTH + MARGIN,
    height: Math.max(...spots.map((spot) => spot.y + (spot.size / 2) * (HEIGHT + GAP_Y))) + MARGIN,
  };
}

function centre(frame) {
  const traced = frame.querySelector(".traced")?.parentElement;
  if (!traced) return;
  // to the start of a column, so that no box at the left is cut
  const column = WIDTH + GAP_X, ideal = traced.offsetLeft + WIDTH / 2 - frame.clientWidth / 2;
  frame.scrollLeft = Math.min(Math.ceil(ideal / column) * column, traced.offsetLeft - MARGIN);
  frame.scrollTop = traced.offsetTop + HEIGHT / 2 - frame.clientHeight / 2;
  fade(frame);
}

// Fades the edges beyond which there is more.
function fade(frame) {
  const right = frame.scrollWidth - frame.clientWidth - frame.scrollLeft, below = frame.scrollHeight - frame.clientHeight - frame.scrollTop;
  const beyond = { left: frame.scrollLeft, right, top: frame.scrollTop, bottom: below };
  for (const [side, length] of Object.entries(beyond)) frame.style.setProperty(`--${side}`, length > 1 ? "28px" : "0px");
  frame.nextElementSibling.hidden = Math.max(frame.scrollWidth - frame.clientWidth, frame.scrollHeight - frame.clientHeight) <= 1;
}

const arrows = () => svg("defs", {}, Object.keys(RELATIONS).map((relation) =>
  svg("marker", { id: `tip-${relation}`, class: relation, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" },
    svg("path", { d: "M0 0.5L8 4L0 7.5z" }))));

function drawLink(link) {
  const { source, target } = link;
  const strange = [...link.verdicts].every((verdict) => verdict === "stranger");
  return svg("path", {
    class: `link ${link.relation} ${link.certain ? "certain" : "possible"} ${strange ? "stranger" : ""}`,
    "marker-end": `url(#tip-${link.relation})`,
    d: target.column > source.column ? forwards(link) : around(source, target),
  }, svg("title", {}, linkWords(link)));
}

function forwards({ source, target, bends }) {
  const stops = bends.flatMap((bend) => [[bend.x, bend.y], [bend.x + WIDTH, bend.y]]);
  const points = [[source.x + WIDTH, source.y], ...stops, [target.x, target.y]];
  return points.slice(1).reduce((path, [x, y], i) => {
    const [px, py] = points[i];
    return i % 2 ? `${path}L${x} ${y}` : `${path}C${px + (x - px) / 2} ${py} ${px + (x - px) / 2} ${y} ${x} ${y}`;
  }, `M${points[0][0]} ${points[0][1]}`);
}

// An edge of a cycle, or between neighbours in one column: out at the bottom, in at the bottom.
function around(source, target) {
  const [x1, y1, x2, y2] = [source.x + WIDTH / 2, source.y + HEIGHT / 2, target.x + WIDTH / 2, target.y + HEIGHT / 2];
  const below = Math.max(y1, y2) + GAP_Y;
  return `M${x1} ${y1}C${x1} ${below} ${x2} ${below} ${x2} ${y2}`;
}

function linkWords(link) {
  const [edge] = link.edges;
  const many = link.edges.length > 1 ? ` (${link.edges.length} links)` : edge.quantity !== null ? `, ${amount(edge.quantity, edge.uom)}` : "";
  const whose = [...link.verdicts].map((verdict) => VERDICTS[verdict]).join(" or ");
  return `${fullName(edge.source)}\n${RELATIONS[link.relation]}\n${fullName(edge.target)}${many}\n${link.certain ? "certain" : "possible"}, ${whose}`;
}

function drawNode(node, traced, unfolded, redraw, held) {
  const many = node.uris.length > 1;
  const { id, name, isNamed } = many ? groupLabel(node) : label(node.id);
  const here = node.id === traced;
  const badge = MARKS[node.mark] ? el("span", { class: "badge" }, MARKS[node.mark]) : null;
  const stopped = node.uris.some((uri) => held.has(uri)) ? el("span", { class: "badge stopped" }, "on hold") : null;
  const inside = [el("b", {}, bareId(id)), isNamed ? null : el("span", {}, name || kindWord(node.kind)), stopped, badge];
  const attributes = { class: `node ${node.kind} ${node.mark} ${here ? "traced" : ""} ${many ? "many" : ""} ${isNamed ? "named" : ""}`, "data-key": node.key || node.id };
  const unfold = () => (unfolded.add(node.key), redraw(node.key));
  const box = many
    ? button("", unfold, { ...attributes, title: `${node.uris.slice(0, 12).map(fullName).join("\n")}${node.uris.length > 12 ? "\n…" : ""}`, "aria-expanded": "false" })
    : el("a", { ...attributes, href: href(node.id), title: fullName(node.id), "aria-current": here ? "true" : null });
  box.append(...inside.filter(Boolean));
  return styled(el("li", {}, box), { left: `${node.x}px`, top: `${node.y - HEIGHT / 2}px`, width: `${WIDTH}px`, height: `${HEIGHT}px` });
}

function groupLabel(node) {
  const products = new Set(node.uris.map(productOf));
  const name = products.size === 1 ? label(node.uris[0]).name : "";
  return { id: `${node.uris.length} ${kindWord(node.kind, 2)}`, name: name || `${bareId(label(node.uris[0]).id)} …`, isNamed: false };
}

// The lines of the node under the pointer or the focus stand out.
function highlight(nodes, boxes, links, lines) {
  const paths = [...lines.querySelectorAll(".link")];
  boxes.forEach((box, i) => {
    const near = paths.filter((_, j) => links[j].source === nodes[i] || links[j].target === nodes[i]);
    const set = (on) => () => (lines.classList.toggle("picked", on), near.forEach((path) => path.classList.toggle("near", on)));
    for (const event of ["pointerenter", "focusin"]) box.addEventListener(event, set(true));
    for (const event of ["pointerleave", "focusout"]) box.addEventListener(event, set(false));
  });
}

function legend(nodes, links) {
  const key = (name, text) => el("li", { class: `key ${name}` }, text);
  const some = (test, name, text) => (test ? key(name, text) : null);
  return el("ul", { class: "legend", "aria-label": "What the lines and boxes mean" },
    Object.keys(RELATIONS).filter((relation) => links.some((link) => link.relation === relation)).map((relation) => key(relation, RELATIONS[relation])),
    some(links.some((link) => !link.certain), "possible", "dashed: possible, not certain (one lot number in several places, or a step that nobody told)"),
    some(links.some((link) => [...link.verdicts].every((verdict) => verdict === "stranger")), "stranger", "dotted: only a stranger's word"),
    Object.keys(MARKS).map((mark) => some(nodes.some((node) => node.mark === mark), `box ${mark}`, MARKS[mark] + MEANINGS[mark])));
}
