// In:  a recorded conversation (transcripts/*.txt) and a browser context. Out: that conversation, played to the page over its own socket.
// Each "→" line waits for a frame of the page that says the same; the "←" lines after it are then sent. Whoever comes back is shown
// again what was sent, after the number they name. "$id" and "$text" are those of the frame waited for, times count from now.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

export async function play(context, name) {
  const text = await readFile(new URL(`./transcripts/${name}.txt`, import.meta.url), "utf8");
  const lines = text.split("\n").filter((line) => /^[→←]/.test(line));
  const shift = Date.now() - Number(/Recorded at (\d+)/.exec(text)[1]);
  const played = { said: [], sent: [], at: 0, finished: () => played.at === lines.length, hold: false, flow: null };
  const acknowledged = new Map();

  await context.routeWebSocket(/\/v1\/chat/, (socket) => {
    const send = (frame) => socket.send(JSON.stringify(frame));
    socket.onMessage((data) => {
      const frame = JSON.parse(data);
      if (frame.type === "ping") send({ type: "pong" });
      if (frame.type === "hello") {
        send({ type: "ready", session: "recorded", resumed: played.sent.length > 0, last_seq: played.sent.length, protocol: 1, agent: false });
        for (const old of played.sent.slice(frame.resume_after ?? played.sent.length)) send(old);
      }
      if (frame.type !== "say" && frame.type !== "choose") return;
      played.said.push(frame);
      if (acknowledged.has(frame.id)) return send(acknowledged.get(frame.id));
      answer(frame, send);
    });
  });

  function answer(frame, send) {
    const expected = JSON.parse(lines[played.at].slice(2));
    for (const [field, value] of Object.entries(expected)) assert.deepEqual(frame[field], value, `line ${played.at + 1}: ${lines[played.at]}`);
    const queue = [];
    for (played.at += 1; lines[played.at]?.startsWith("←"); played.at += 1) queue.push(stamped(JSON.parse(lines[played.at].slice(2)), frame));
    acknowledged.set(frame.id, queue[0]);
    const go = (part) => part.forEach((one) => (played.sent.push(one), send(one)));
    if (!played.hold) return go(queue);
    go(queue.slice(0, 1)); // only the acknowledgement; the rest when the test lets it flow
    played.flow = () => go(queue.slice(1));
  }

  function stamped(frame, { id, text: words }) {
    if (frame.id === "$id") frame.id = id;
    if (frame.text === "$text") frame.text = words;
    if (frame.expires_ms) frame.expires_ms += shift;
    return frame;
  }

  return played;
}
