// How to check a trace without trusting this server: the proof as a file, and the exact command.

import { button, el } from "./dom.js";
import { downloadLink } from "./server.js";

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const options = (trace, chain) => ({
  "--rpc": `${location.origin}/rpc`, "--ledger": chain.ledger, "--chain-id": chain.chain_id, "--code-hash": chain.code_hash,
  "--item": quoted(trace.item.element_string),
});

export function proof(trace, chain) {
  const recorded = trace.events.some((event) => event.record);
  const bundle = `/proofs?item=${encodeURIComponent(trace.item.uri)}`;
  return el("section", { class: "proof", "aria-labelledby": "check" }, el("h2", { id: "check" }, "Check it yourself"),
    el("p", {}, "What this page shows is this server's word. A proof is a file that anyone can check against the chain, with no account here."),
    recorded ? el("p", {}, downloadLink("Download the proof of this trace", bundle, { class: "button" }))
      : el("p", { class: "note" }, "There is a proof as soon as one of these events is recorded on the chain."),
    recorded && chain ? how(trace, chain) : null);
}

function how(trace, chain) {
  const given = Object.entries(options(trace, chain));
  const line = ["lotmark verify trace.bundle.json", ...given.map(([name, value]) => `${name} ${value}`)].join(" ");
  const shown = ["lotmark verify trace.bundle.json", ...given.map(([name, value]) => [" ", el("span", { class: "option" }, name), ` ${value}`])];
  const copy = button("Copy", async () => {
    await navigator.clipboard.writeText(line);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  }, { class: "plain" });
  const embedded = chain.url.startsWith("embedded")
    ? "This ledger's chain is embedded in this server, so the check shows that the file and that chain agree, not that the server's operator is honest."
    : "Ask a node that you choose in place of this server's --rpc, and take the ledger's address from somebody whom you trust.";
  return [el("p", {}, "Then, in the folder with the file:"), el("div", { class: "command" }, el("pre", { tabindex: "0", "aria-label": "command" }, el("code", {}, shown)), copy), el("p", { class: "note" }, embedded)];
}
