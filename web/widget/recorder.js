// In:  a press on the voice button. Out: a level meter and a clock while recording; send hands the sound over, Esc throws it away.

import { el } from "./element.js";
import { icon } from "./icons.js";
import { LONGEST_MS, record } from "./voice.js";

const BARS = 28;

export function openRecorder(chat, { onStart, onEnd }) {
  const { t, act } = chat;
  const bars = Array.from({ length: BARS }, () => el("i"));
  const meter = el("div.meter", { "aria-hidden": "true" }, ...bars);
  const clock = el("span.clock", { "aria-hidden": "true" });
  const hint = el("span.hint", { role: "status" });
  const send = el("button.send", { type: "button", "aria-label": t("voice_send"), title: t("voice_send"), onclick: finish }, icon("send", 20));
  const cancel = el("button.plain", { type: "button", onclick: stop }, t("voice_cancel"));
  const node = el("div.recorder", { hidden: true, onkeydown: onKey }, cancel, el("div.hearing", {}, el("div.hearing-row", {}, meter, clock), hint), send);
  let recording = null;
  let levels = [];
  let asked = 0;

  async function start() {
    const ours = (asked += 1);
    levels = [];
    show(0, 0);
    node.hidden = false;
    hint.textContent = t("voice_hint");
    onStart();
    send.focus();
    try {
      const started = await record({ onLevel: show, onFull: finish });
      if (ours !== asked) return started.cancel(); // cancelled while the browser was asking
      recording = started;
    } catch {
      hint.textContent = t("voice_refused");
      send.disabled = true;
    }
  }

  function show(level, ms) {
    levels = [...levels, level].slice(-BARS);
    bars.forEach((bar, at) => bar.style.setProperty("--level", String(levels[levels.length - BARS + at] ?? 0)));
    clock.textContent = `${Math.floor(ms / 1000)} / ${LONGEST_MS / 1000}`;
  }

  function finish() {
    const chunks = recording?.finish() ?? [];
    end();
    if (chunks.length) act.record(chunks);
  }

  function stop() {
    recording?.cancel();
    end();
  }

  function end() {
    asked += 1;
    recording = null;
    node.hidden = true;
    send.disabled = false;
    onEnd();
  }

  function onKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    stop();
  }

  return { node, start };
}
