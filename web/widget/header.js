// In:  the chat. Out: the panel's head: who is answering, and the buttons for language, a new start and closing.

import { el } from "./element.js";
import { icon } from "./icons.js";

export function header(chat, { onClose }) {
  const { t } = chat;
  const status = el("span.status-words");
  const dot = el("span.dot", { "aria-hidden": "true" });
  const restart = el("button.icon", { type: "button", "aria-label": t("restart"), title: t("restart"), onclick: onRestart }, icon("restart", 20));
  const language = el("button.icon.language", { type: "button", lang: chat.language === "zh" ? "en" : "zh-CN", "aria-label": t("language"), title: t("language"), onclick: onLanguage }, t("language_short"));
  const close = el("button.icon", { type: "button", "aria-label": t("close"), title: t("close"), onclick: onClose }, icon("down", 22));
  const node = el("header.head", {}, el("span.mark", { "aria-hidden": "true", lang: "zh-CN" }, "导"), el("div.who", {}, el("h2", {}, t("title")), el("p.status", {}, dot, status)), restart, language, close);

  function onLanguage() {
    chat.setLanguage(chat.language === "zh" ? "en" : "zh");
  }

  function onRestart() {
    if (chat.state.entries.length === 0 || confirm(t("restart_sure"))) chat.startOver();
  }

  return {
    node,
    update() {
      const { state, line } = chat;
      const joined = state.agent?.state === "joined";
      const words = line?.state === "ready" || line?.state === "closed" ? (joined ? t("with_agent", { name: state.agent.name ?? t("agent_name") }) : t("online")) : t("connecting");
      if (status.textContent !== words) status.textContent = words;
      dot.className = `dot ${line?.state ?? "closed"}`;
      restart.hidden = state.entries.length === 0;
    },
  };
}
