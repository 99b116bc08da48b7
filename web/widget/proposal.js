// In:  a proposal with its changes and time limit, or its outcome. Out: their elements.
// Nothing is done by looking at a proposal: its two buttons press once, and it says what became of it.

import { el } from "./element.js";
import { icon } from "./icons.js";
import { money } from "./money.js";
import { standing } from "./reply-parts.js";
import { LOCALES } from "./strings.js";

const ICONS = { done: "check", declined: "close", expired: "clock", replaced: "down" };
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function proposalView(chat, turn) {
  const heading = el("h3.proposal-title");
  const what = el("div.proposal-what");
  const foot = el("div.proposal-foot");
  const node = el("div.proposal", { role: "group", tabindex: "-1" }, heading, what, foot);
  let timer = null;
  let drawn = null;

  function update(part, entry) {
    clearTimeout(timer);
    const now = Date.now();
    const state = standing(part, entry.chosen, now);
    const left = (part.expires_ms ?? Infinity) - now;
    if (state === "open" && left < LONGEST_TIMER_MS) timer = setTimeout(() => update(part, entry), left + 50);
    if (drawn?.proposal !== part.proposal) describe(part);
    if (drawn?.proposal === part.proposal && drawn.state === state) return;
    const buttons = drawn?.proposal === part.proposal ? drawn.buttons : null;
    drawn = { proposal: part.proposal, state, buttons: showFoot(part, state, buttons) };
    node.dataset.state = state;
  }

  function describe(part) {
    const { t } = chat;
    heading.id = `proposal-${part.proposal}`;
    heading.textContent = t(`proposal_${part.action}`) ?? part.action;
    node.setAttribute("aria-labelledby", heading.id);
    const changes = (part.changes ?? []).map((change) => el("li", {}, String(change)));
    what.replaceChildren(
      part.summary ? el("p", {}, part.summary) : "",
      changes.length ? el("ul.changes", {}, ...changes) : "",
      part.refund ? refund(part.refund) : "",
    );
  }

  function refund({ amount, currency, method }) {
    const sum = el("strong", {}, money(amount, currency, LOCALES[chat.language]));
    return el("p.refund", {}, el("span", {}, chat.t("refund")), el("span.refund-sum", {}, sum, method ? el("span.faint", {}, chat.t("refund_to", { method })) : ""));
  }

  /** Redraws as little as it can: whoever stands on a button still stands on it when it has been pressed. → the buttons, if any */
  function showFoot(part, state, buttons) {
    const { t } = chat;
    if (state === "open" || state === "confirm" || state === "decline") {
      const kept = buttons ?? openFoot(part);
      kept.words.textContent = state === "open" ? kept.before : t(state === "confirm" ? "confirming" : "declining");
      for (const button of kept.all) {
        button.setAttribute("aria-disabled", String(state !== "open"));
        button.classList.toggle("pressed", button.value === state);
      }
      return kept;
    }
    const stood = foot.contains(foot.getRootNode().activeElement);
    // The outcome itself is read out where it stands; what the clock or a newer proposal does is told here.
    foot.setAttribute("aria-live", state === "expired" || state === "replaced" ? "polite" : "off");
    foot.replaceChildren(verdict(chat, state, part.settled ? part.reference : null));
    if (stood) node.focus({ preventScroll: true });
    return null;
  }

  function openFoot(part) {
    const { t, act } = chat;
    const before = [t("proposal_before"), part.expires_ms && t("expires", { time: clock(chat, part.expires_ms) })].filter(Boolean).join(chat.language === "zh" ? "" : " ");
    const words = el("p.faint", { id: `proposal-${part.proposal}-foot` });
    const press = (name) => () => standing(part, chat.chosenIn(turn), Date.now()) === "open" && act.decide(turn, part.proposal, name);
    const button = (name, kind) => el(`button.${kind}`, { type: "button", value: name, onclick: press(name), "aria-describedby": heading.id }, t(name));
    const all = [button("confirm", "solid"), button("decline", "plain")];
    foot.setAttribute("aria-live", "polite");
    foot.replaceChildren(words, el("div.decide", {}, ...all));
    return { words, before, all };
  }

  return { node, update };
}

export function outcomeView(chat) {
  const node = el("div.outcome");
  return {
    node,
    update({ status, text, reference }) {
      node.dataset.status = status;
      node.replaceChildren(verdict(chat, status, reference), text ? el("p", {}, text) : "");
    },
  };
}

function verdict({ t }, status, reference) {
  return el("p.verdict", { "data-status": status }, icon(ICONS[status] ?? "alert", 17), el("span", {}, t(`outcome_${status}`) ?? status), reference ? el("span.faint", {}, t("reference", { reference })) : "");
}

/** "14:05", with the day when it is not today. */
function clock(chat, at) {
  const day = new Date(at).toDateString() === new Date().toDateString() ? {} : { month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(LOCALES[chat.language], { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}
