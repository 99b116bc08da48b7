// In:  the chat (its state, words and actions). Out: launcher and panel in the shadow root, kept up to date by update().

import { openComposer } from "./composer.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { openLog } from "./log.js";
import { isWriting } from "./store.js";
import { fitToKeyboard, holdFocus } from "./panel-focus.js";
import { header } from "./header.js";

const NARROW = matchMedia("(max-width: 480px)");

export function openView(shadow, chat, { onOpen }) {
  const root = el("div.root");
  shadow.append(root);
  let unread = 0;
  let isOpen = false;
  let parts = null;
  build();

  function build() {
    const { t } = chat;
    root.lang = chat.language === "zh" ? "zh-CN" : "en";
    const launcher = el("button.launcher", { type: "button", "aria-expanded": String(isOpen), "aria-haspopup": "dialog", onclick: () => open() }, icon("chat", 26), el("span.launcher-word", {}, t("launcher")), el("span.badge", { hidden: true, "aria-hidden": "true" }));
    const head = header(chat, { onClose: close });
    const log = openLog(chat);
    const composer = openComposer(chat);
    const banner = el("div.banner", { role: "status", hidden: true }, el("span", {}, t("offline")), el("button.link", { type: "button", onclick: () => chat.line.retryNow() }, t("offline_retry")));
    const notice = el("div.notice", { role: "alert", hidden: true });
    const stop = el("button.stop", { type: "button", hidden: true, onclick: () => chat.act.stop() }, icon("stop", 16), el("span", {}, t("stop")));
    const about = el("div.about", { hidden: true });
    const panel = el("section.panel", { role: "dialog", "aria-label": t("title"), hidden: !isOpen, tabindex: "-1", onkeydown: onKey }, head.node, banner, log.node, notice, el("div.stop-row", {}, stop), about, composer.node);
    panel.addEventListener("dragover", (event) => event.preventDefault());
    panel.addEventListener("drop", (event) => {
      event.preventDefault();
      composer.attach([...event.dataTransfer.files]);
    });
    root.replaceChildren(launcher, panel);
    parts = { launcher, head, log, composer, banner, notice, stop, about, panel };
  }

  function open({ focus = true } = {}) {
    unread = 0;
    if (!isOpen) {
      isOpen = true;
      chat.storage.set("opened", true);
      onOpen();
    }
    update();
    parts.panel.hidden = false;
    parts.log.toEnd();
    if (focus) parts.composer.focus();
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    chat.storage.remove("opened");
    update();
    parts.launcher.focus();
  }

  function onKey(event) {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab" && NARROW.matches) {
      holdFocus(parts.panel, event);
    }
  }

  function update() {
    const { t, state, line } = chat;
    const { launcher, head, log, composer, banner, notice, stop, about, panel } = parts;
    root.classList.toggle("open", isOpen);
    panel.hidden = !isOpen;
    panel.setAttribute("aria-modal", String(isOpen && NARROW.matches));
    launcher.setAttribute("aria-expanded", String(isOpen));
    launcher.setAttribute("aria-label", unread ? t("launcher_unread", { n: unread }) : t("launcher_label"));
    const badge = launcher.querySelector(".badge");
    badge.hidden = unread === 0;
    badge.textContent = String(unread);
    head.update();
    banner.hidden = line?.state !== "waiting";
    showNotice(notice, state.notice);
    stop.hidden = !isWriting(state) || line?.state !== "ready";
    showAbout(about);
    composer.update();
    log.update();
  }

  function showNotice(node, notice) {
    node.hidden = !notice;
    if (!notice || node.dataset.code === notice.code) return void (node.dataset.code = notice?.code ?? "");
    node.dataset.code = notice.code;
    const waiting = chat.outbox.frames().length + chat.outbox.recordings().length > 0;
    const key = notice.code === "busy" && !waiting ? "error_busy_now" : `error_${notice.code}`;
    node.replaceChildren(icon("alert", 18), el("span", {}, chat.t(key) ?? chat.t("error_internal")), el("button.link", { type: "button", onclick: () => chat.act.dismissNotice() }, chat.t("dismiss")));
  }

  function showAbout(node) {
    const { product, title, about } = chat.page;
    node.hidden = !(product && about);
    if (node.hidden) return;
    const clear = () => {
      chat.element.page({ product, title, about: false });
      parts.composer.focus();
    };
    node.replaceChildren(el("span", {}, chat.t("about_page", { title: title ?? product })), el("button.icon", { type: "button", "aria-label": chat.t("about_clear"), onclick: clear }, icon("close", 16)));
  }

  fitToKeyboard(root);

  return {
    root,
    open,
    close,
    update,
    get isOpen() {
      return isOpen;
    },
    get isNarrow() {
      return NARROW.matches;
    },
    knock() {
      unread += 1;
      update();
    },
    /** Everything again in another language. What the shopper was typing stays. */
    relabel() {
      const draft = parts.composer.draft;
      const focused = shadow.activeElement?.classList.contains("language");
      build();
      parts.composer.draft = draft;
      update();
      if (focused) shadow.querySelector(".language")?.focus();
      parts.log.toEnd();
    },
  };
}
