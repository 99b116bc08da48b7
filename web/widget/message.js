// In:  one message (shopper's, agent's, bot's own) or a change of who answers. Out: its element, and update(entry, place).

import { el, pulse, unseen } from "./element.js";
import { icon } from "./icons.js";

export function messageView(chat) {
  const bubble = el("div.bubble");
  const below = el("div.below-message");
  const node = el("div.message", {}, bubble, below);
  let drawn = "";

  return {
    node,
    update(entry, { last }) {
      const mine = entry.author === "shopper";
      node.className = `message ${mine ? "mine" : entry.author} ${entry.status}`;
      node.dataset.id = entry.id;
      const content = JSON.stringify([entry.text, entry.uploads, entry.voice, entry.voice && !entry.text && entry.status]);
      if (content !== drawn) {
        drawn = content; // a new status must not make a screen reader say the message again
        bubble.replaceChildren(unseen(`${speaker(chat, entry)}: `), ...photos(chat, entry), words(chat, entry));
      }
      if (mine) below.replaceChildren(status(chat, entry, last));
      else if (entry.author === "agent") below.replaceChildren(el("div.meta", {}, icon("person", 13), speaker(chat, entry)));
    },
  };
}

function speaker({ t, state }, entry) {
  if (entry.author === "shopper") return t("you");
  return entry.author === "agent" ? (entry.name ?? state.agent?.name ?? t("agent_name")) : t("bot");
}

function words(chat, entry) {
  if (entry.text) return el("span.words", {}, entry.voice ? icon("voice", 15) : "", entry.text);
  if (entry.voice && entry.status === "sent") return el("span.words.hearing-now", {}, icon("voice", 15), chat.t("voice_hearing"), pulse());
  if (entry.voice) return el("span.words.faint", {}, icon("voice", 15), chat.t("voice_message"));
  return "";
}

function photos(chat, entry) {
  return (entry.uploads ?? []).map((upload) => {
    const preview = chat.previewOf(upload?.id ?? upload);
    if (!preview && entry.voice) return ""; // the recording itself
    if (preview?.startsWith("data:image/jpeg")) return el("img.photo", { src: preview, alt: chat.t("photo_sent") });
    return el("span.photo-chip", {}, icon("photo", 16), chat.t("photo_sent"));
  });
}

function status(chat, entry, last) {
  const { t, act } = chat;
  if (entry.status === "failed") {
    const again = (entry.text || entry.uploads.length > 0) && el("button.link", { type: "button", onclick: () => act.again(entry) }, t("again"));
    return el("div.meta.bad", {}, t("failed"), again, el("button.link", { type: "button", onclick: () => act.drop(entry) }, t("remove")));
  }
  if (entry.status === "sending") return el("div.meta", {}, icon("clock", 13), t(chat.line?.state === "ready" ? "sending" : "waiting"));
  return last ? el("div.meta", {}, icon("check", 13), t("sent")) : "";
}

export function agentView(chat) {
  const words = el("span");
  const node = el("div.handover", {}, icon("person", 16), words);
  return {
    node,
    update(entry) {
      words.textContent = chat.t(`agent_${entry.state}`, { name: entry.name ?? chat.t("agent_name") }) ?? "";
    },
  };
}
