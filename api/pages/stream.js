// Server-sent events with the key of this tab, which the browser's own EventSource could not bear.

import { ask } from "./server.js";

const AGAIN = 2000;

// Calls `heard(name, data)` per event and `connected(bool)` as the line comes and goes; goes on after the last event heard.
export async function follow(path, heard, connected) {
  for (let last = null; ; await new Promise((done) => setTimeout(done, AGAIN))) {
    try {
      const { body } = await ask(path, { headers: last === null ? {} : { "last-event-id": last } });
      connected(true);
      for await (const event of events(body)) {
        last = event.id ?? last;
        heard(event.event ?? "message", JSON.parse(event.data));
      }
    } catch (error) {
      if (error.status === 401 || error.status === 403) return connected(false);
    }
    connected(false);
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop();
    yield* blocks.map(fields).filter((event) => event.data !== undefined);
  }
}

const fields = (block) => Object.fromEntries(block.split("\n").filter((line) => !line.startsWith(":")).map((line) => {
  const at = line.indexOf(":");
  return [line.slice(0, at), line.slice(at + 1).trimStart()];
}));
