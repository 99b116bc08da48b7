// In:  what the shopper types, attaches or says. Out: act.say / act.record. Enter sends, Shift+Enter breaks the line.

import { openAttachments } from "./attachments.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { openRecorder } from "./recorder.js";
import { canRecord } from "./voice.js";

const LONGEST_TEXT = 2000;

export function openComposer(chat) {
  const { t, act } = chat;
  const input = el("textarea.input", { rows: "1", maxlength: String(LONGEST_TEXT), placeholder: t("placeholder"), "aria-label": t("input"), enterkeyhint: "send", autocomplete: "off" });
  const file = el("input", { type: "file", accept: "image/*", hidden: true, tabindex: "-1" });
  const photo = el("button.icon", { type: "button", "aria-label": t("photo"), title: t("photo"), onclick: () => file.click() }, icon("photo", 22));
  const voice = el("button.icon.voice", { type: "button", "aria-label": t("voice"), title: t("voice"), hidden: !canRecord(), onclick: () => recorder.start() }, icon("voice", 22));
  const send = el("button.send", { type: "submit", "aria-label": t("send"), title: t("send") }, icon("send", 20));
  const attachments = openAttachments(chat, { onChange: update });
  const row = el("div.row", {}, photo, voice, input, send);
  const recorder = openRecorder(chat, { onStart: () => (row.hidden = true), onEnd: shown });
  const node = el("form.composer", {}, attachments.node, row, recorder.node, file);
  let sending = false;

  function shown() {
    row.hidden = false;
    voice.focus();
  }

  function update() {
    send.disabled = sending || (input.value.trim() === "" && !attachments.usable);
  }

  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 132)}px`;
    update();
  }

  async function submit() {
    const text = input.value.trim();
    if (sending || (!text && !attachments.usable)) return;
    sending = true;
    update();
    const uploads = attachments.usable ? await attachments.finish() : [];
    sending = false;
    update();
    if (uploads === null) return; // a photo did not go through; it stays, with a retry button
    input.value = "";
    attachments.clear();
    grow();
    act.say(text, uploads);
  }

  node.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    // While an input method is composing, Enter chooses a word; keyCode 229 is how Safari says so.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void submit();
  });
  input.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files].filter((one) => one.type.startsWith("image/"));
    if (files.length === 0) return;
    event.preventDefault();
    attachments.add(files);
  });
  file.addEventListener("change", () => {
    attachments.add([...file.files]);
    file.value = "";
    input.focus();
  });

  return {
    node,
    update,
    attach: (files) => attachments.add(files.filter((one) => one.type.startsWith("image/"))),
    focus: () => input.focus({ preventScroll: true }),
    get draft() {
      return input.value;
    },
    set draft(text) {
      input.value = text;
      requestAnimationFrame(grow);
    },
  };
}
