// In:  the <daogou-chat> element's attributes (locale, data-theme, product, server) and calls (open, close, ask, page).
// Out: one conversation: the line to the server, what is held for it, and the panel that shows it.
// Events on the element: "daogou:open" {product, url}, cancelable, before a product card is followed.

import { openLine } from "./socket.js";
import { openOutbox } from "./outbox.js";
import { openStorage } from "./storage.js";
import { EMPTY, isReplaying, isWriting, reduce } from "./store.js";
import { LOCALES, languageOf, words } from "./strings.js";
import { actions } from "./actions.js";
import { onError } from "./trouble.js";
import { previewOf } from "./photo.js";
import { adoptStyle } from "./style.js";
import { followTheme } from "./theme.js";
import { openView } from "./view.js";

const SILENT_MS = 90_000;
const HERE = new URL("../", import.meta.url).href;

export class DaogouChat extends HTMLElement {
  static observedAttributes = ["locale", "product"];

  connectedCallback() {
    if (this.chat) return;
    const server = this.getAttribute("server") ?? HERE;
    const storage = openStorage(server);
    this.chat = {
      element: this, server, storage, outbox: openOutbox(storage), state: EMPTY, later: [],
      page: { product: this.getAttribute("product") ?? undefined, title: this.getAttribute("product-title") ?? undefined },
      language: languageOf(storage.get("locale") ?? this.getAttribute("locale")),
      refused: false,
    };
    const chat = this.chat;
    chat.t = words(chat.language);
    chat.dispatch = (act) => this.change(act);
    chat.flush = () => this.flush();
    chat.setLanguage = (language) => this.setLanguage(language);
    chat.startOver = () => this.startOver();
    chat.chosenIn = (turn) => chat.state.entries.find((entry) => entry.kind === "reply" && entry.turn === turn)?.chosen;
    chat.previewOf = (id) => previewOf(storage, id);
    chat.act = actions(chat);
    chat.line = openLine({
      url: new URL("v1/chat", server).href.replace(/^http/, "ws"),
      hello: () => this.hello(),
      onFrame: (frame) => this.receive(frame),
      onState: (state) => this.onLine(state),
    });
    const shadow = this.attachShadow({ mode: "open" });
    adoptStyle(shadow);
    chat.view = openView(shadow, chat, { onOpen: () => this.onOpen() });
    followTheme(this, chat.view.root);
    this.restore();
    addEventListener("hashchange", this.moved);
    addEventListener("popstate", this.moved);
    // A conversation under way is followed even while the panel is shut, so that an answer can knock.
    if (storage.get("session") || chat.outbox.frames().length) chat.line.open();
    if (storage.get("opened")) this.open({ focus: false });
  }

  disconnectedCallback() {
    this.chat?.line.close();
    removeEventListener("hashchange", this.moved);
    removeEventListener("popstate", this.moved);
  }

  attributeChangedCallback(name, before, after) {
    if (!this.chat || before === after) return;
    if (name === "locale") this.setLanguage(languageOf(after));
    if (name === "product") this.page({ product: after ?? undefined, title: this.getAttribute("product-title") ?? undefined });
  }

  open(options) {
    this.chat.view.open(options);
  }

  close() {
    this.chat.view.close();
  }

  /** Opens the panel; with `text` says it, with `product` makes the talk about that product. */
  ask({ text, product, title } = {}) {
    if (product) this.page({ product, title, about: true });
    this.open();
    if (text) this.chat.act.say(text);
  }

  /** The shopper is looking at `product` (or at none). `about` pins it above the input; another variant of it stays pinned. */
  page({ product, title, about } = {}) {
    const { chat } = this;
    const pinned = Boolean(product && title && title === chat.page.title && chat.page.about);
    chat.page = { product, title, about: about ?? pinned };
    chat.told = true;
    chat.line.send({ type: "page", product, url: location.href });
    chat.view.update();
  }

  moved = () => {
    // A page that names its products by page() has more to say than its address alone.
    if (!this.chat.told) this.chat.line.send({ type: "page", product: this.chat.page.product, url: location.href });
  };

  hello() {
    const { chat } = this;
    const session = chat.storage.get("session") ?? undefined;
    // Another tab has begun a new conversation: ours ended with it.
    if (chat.state.session && chat.state.session !== session) this.change({ type: "local_reset" });
    const identity = this.dataset.identityId && this.dataset.identityHmac ? { id: this.dataset.identityId, hmac: this.dataset.identityHmac } : undefined;
    return {
      type: "hello", protocol: 1, session, resume_after: chat.state.lastSeq,
      locale: LOCALES[chat.language], channel: "widget", page: { product: chat.page.product, url: location.href },
      consent: { behaviour: this.dataset.consent === "behaviour" }, identity,
    };
  }

  receive(frame) {
    const { chat } = this;
    if (frame.type === "ready" && this.onReady(frame)) return;
    if (frame.seq !== undefined && frame.seq > chat.state.lastSeq + 1 && chat.gapAt !== chat.state.lastSeq) {
      // A frame went missing on the way. Ask again from the last one we have; a gap that stays is the server's own.
      chat.gapAt = chat.state.lastSeq;
      chat.line.reopen();
      return;
    }
    if (frame.type === "message") chat.outbox.settle(frame.id);
    this.count(frame);
    this.change(frame);
    if (frame.type === "proposal") chat.act.restoreDecision(frame);
    if (frame.type === "error") onError(chat, frame);
  }

  /** True when the frame must not reach the store: the line starts again. */
  onReady(frame) {
    const { chat } = this;
    const other = frame.session !== chat.storage.get("session");
    if (other || frame.last_seq < chat.state.lastSeq) {
      this.change({ type: "local_reset" });
      chat.storage.set("session", frame.session);
      chat.storage.set("seen", 0);
    }
    chat.refused = false;
    return false;
  }

  onLine(state) {
    if (state === "ready") this.flush();
    this.chat.view?.update();
  }

  /** Sends everything not yet acknowledged, oldest first, with the ids it was born with. */
  flush() {
    const { line, outbox, later } = this.chat;
    if (line.state !== "ready") return;
    const waiting = [...outbox.frames(), ...outbox.recordings()].sort((a, b) => a.at - b.at);
    for (const item of waiting) {
      if (item.frame) line.send(item.frame);
      else this.chat.act.sendRecording(item);
    }
    for (const frame of later.splice(0)) line.send(frame);
  }

  change(act) {
    const { chat } = this;
    chat.state = reduce(chat.state, act);
    clearTimeout(chat.silence);
    if (isWriting(chat.state)) chat.silence = setTimeout(() => this.change({ type: "local_idle" }), SILENT_MS);
    if (isReplaying(chat.state)) return this.drawSoon();
    if (chat.view?.isOpen) chat.storage.set("seen", chat.state.lastSeq);
    chat.view?.update();
  }

  /** A long replay is drawn once a frame, not once a message. */
  drawSoon() {
    const { chat } = this;
    chat.drawing ??= requestAnimationFrame(() => {
      chat.drawing = undefined;
      chat.view?.update();
    });
  }

  /** Knocks for answers the shopper has not had on the screen. */
  count(frame) {
    const { chat } = this;
    const fresh = frame.seq > Math.max(chat.storage.get("seen") ?? 0, chat.state.lastSeq);
    const speaks = (frame.type === "text" && frame.index === 0) || frame.type === "proposal" || frame.type === "outcome" || (frame.type === "message" && frame.author !== "shopper");
    if (!fresh || !speaks || chat.view.isOpen || (frame.type !== "message" && chat.knocked === frame.turn)) return;
    chat.knocked = frame.turn;
    chat.view.knock();
  }

  onOpen() {
    this.chat.storage.set("seen", this.chat.state.lastSeq);
    this.chat.line.open();
  }

  /** What was on its way out when the page was left is shown again at once. */
  restore() {
    const { chat } = this;
    for (const { frame, note } of chat.outbox.frames()) {
      const text = frame.text ?? note?.label;
      if (frame.type === "say" || text) this.change({ type: "local_say", id: frame.id, text, uploads: frame.uploads });
    }
  }

  setLanguage(language) {
    const { chat } = this;
    if (language === chat.language) return;
    chat.language = language;
    chat.storage.set("locale", language);
    chat.t = words(language);
    chat.view.relabel();
    chat.line.reopen();
    this.dispatchEvent(new CustomEvent("daogou:language", { detail: { language }, bubbles: true, composed: true }));
  }

  startOver() {
    const { chat } = this;
    chat.outbox.clear();
    chat.storage.remove("session");
    chat.state = EMPTY;
    chat.view.update();
    chat.line.reopen();
  }
}
