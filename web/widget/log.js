// In:  the conversation's entries. Out: the scrolling log. An entry that did not change keeps its element, so streaming
// text only ever adds to the page, and a screen reader hears each sentence once. A replay is shown without being read out.

import { el } from "./element.js";
import { icon } from "./icons.js";
import { agentView, messageView } from "./message.js";
import { replyView } from "./reply.js";
import { isReplaying } from "./store.js";
import { welcome } from "./welcome.js";

const VIEWS = { message: messageView, reply: replyView, agent: agentView };
const NEAR_END_PX = 80;
const MARGIN_PX = 12;
const WORTH_A_BUTTON_PX = 56; // less than that is the row of stars

export function openLog(chat) {
  const { t } = chat;
  const list = el("div.log", { role: "log", "aria-live": "off", "aria-relevant": "additions", "aria-label": t("log"), tabindex: "0" });
  const below = el("button.below", { type: "button", hidden: true, "aria-label": t("new_below"), title: t("new_below"), onclick: () => toEnd(true) }, icon("down", 20));
  const node = el("div.log-frame", {}, list, below);
  const shown = new Map();
  const greeting = welcome(chat);
  let following = true;

  // Only the shopper's own scrolling (wheel, touch, keys, the bar) starts or ends following; ours does not count.
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) list.addEventListener(kind, () => (following = false), { passive: true });
  list.addEventListener("scroll", () => {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    if (atEnd) following = true;
    if (atEnd) below.hidden = true;
  });
  new ResizeObserver(() => following && follow()).observe(list);

  function toEnd(smooth = false) {
    following = true;
    below.hidden = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollTo({ top: list.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  /** Follows what comes, but does not push the shopper's question off the screen unless the whole answer fits for it. */
  function follow() {
    const question = [...list.querySelectorAll(".message.mine")].at(-1);
    const end = list.scrollHeight - list.clientHeight;
    const start = question ? question.offsetTop - MARGIN_PX : end;
    const top = end <= start + MARGIN_PX ? end : start;
    list.scrollTo({ top, behavior: "instant" });
    below.hidden = end - top < WORTH_A_BUTTON_PX;
  }

  function update() {
    const { entries } = chat.state;
    const silent = isReplaying(chat.state) || !chat.state.session;
    if (silent) list.setAttribute("aria-live", "off");
    const grown = entries.length > shown.size;
    const kept = new Set(entries.map((entry) => entry.key));
    for (const [key, view] of shown) {
      if (!kept.has(key)) {
        view.node.remove();
        shown.delete(key);
      }
    }
    const coming = isReplaying(chat.state) || (!chat.state.session && chat.storage.get("session") && chat.line?.state === "connecting");
    const greet = entries.length === 0 && !coming;
    greeting.update(greet);
    if (!greet) greeting.node.remove();
    else if (!greeting.node.isConnected) list.prepend(greeting.node);
    const lastReply = entries.findLast((entry) => entry.kind === "reply");
    const lastSaid = entries.findLast((entry) => entry.kind === "message" && entry.author === "shopper");
    let place = null;
    for (const entry of entries) {
      const last = entry === lastReply || entry === lastSaid;
      const settled = last && entry === entries.at(-1);
      place = show(entry, { last, settled }, place);
    }
    if (grown && entries.at(-1)?.author === "shopper") following = true;
    if (following) follow();
    else if (grown) below.hidden = false;
    // What a replay has just put on the page is old: only the next frame's additions are news.
    if (!silent && list.getAttribute("aria-live") === "off") requestAnimationFrame(() => list.setAttribute("aria-live", "polite"));
  }

  function show(entry, place, before) {
    let view = shown.get(entry.key);
    if (!view) {
      view = VIEWS[entry.kind](chat);
      shown.set(entry.key, view);
      if (list.getAttribute("aria-live") === "off") view.node.dataset.still = ""; // what is replayed does not dance
    }
    const mark = `${place.last} ${place.settled} ${chat.line?.state}`;
    if (view.entry !== entry || view.mark !== mark) {
      view.entry = entry;
      view.mark = mark;
      view.update(entry, place);
    }
    const next = before ? before.nextSibling : list.firstChild;
    if (next !== view.node) list.insertBefore(view.node, next);
    return view.node;
  }

  return { node, update, toEnd: follow };
}
