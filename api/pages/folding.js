// Which items are drawn as one: in a crowded column, those of one kind, product and lot with the same mark.

const READABLE = 9, CROWDED = 24, FROM = 3, UNFOLDED = 40;

// items: [{uri, kind}] → [{id, uris, kind, column, mark, key}]; `key` names the group that a node is or was unfolded from.
export function fold(items, columns, { origin, markOf, productOf, lotOf, unfolded }) {
  const byColumn = Map.groupBy(items, (item) => columns.get(item.uri));
  return [...byColumn].flatMap(([column, members]) => {
    const fine = (item) => [column, item.kind, productOf(item.uri), lotOf(item.uri) ?? "", markOf(item.uri)].join("\n");
    const coarse = (item) => [column, item.kind, markOf(item.uri)].join("\n");
    const settings = { column, origin, markOf, unfolded };
    const nodes = foldColumn(members, fine, settings);
    const shown = nodes.filter((node) => !unfolded.has(node.key));
    return shown.length > CROWDED ? foldColumn(members, coarse, settings) : nodes;
  });
}

function foldColumn(members, keyOf, { column, origin, markOf, unfolded }) {
  const one = (item, key = "") => ({ id: item.uri, uris: [item.uri], kind: item.kind, column, mark: markOf(item.uri), key });
  const many = (group, key) => ({ ...one(group[0], key), uris: group.map((item) => item.uri) });
  if (members.length <= READABLE) return members.map((item) => one(item));
  const unfold = (group, key) => {
    if (!unfolded.has(key)) return [many(group, key)];
    const rest = group.length > UNFOLDED ? unfold(group.slice(UNFOLDED), `${key}\nmore`) : [];
    return [...group.slice(0, UNFOLDED).map((item) => one(item, key)), ...rest];
  };
  const groups = Map.groupBy(members, (item) => (item.uri === origin ? "" : keyOf(item)));
  return [...groups].flatMap(([key, group]) => {
    return key && group.length >= FROM ? unfold(group, key) : group.map((item) => one(item));
  });
}
