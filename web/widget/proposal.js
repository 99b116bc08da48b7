// In:  a proposal with its changes and time limit, its outcome, or a correction. Out: their elements.
// Nothing is done by looking at a proposal: the two buttons are the only way on, and they work once.

import { el } from "./element.js";
import { factWords, titleAndCurrency } from "./facts.js";
import { icon } from "./icons.js";
import { money } from "./money.js";
import { LOCALES } from "./strings.js";

const EPOCH_MS = 1e12; // larger than this is a moment, smaller is a span

export function proposalView(chat, turn) {
  const node = el("div.proposal", { role: "group" });
  let arrived = Date.now();
  let timer = null;

  function update(part, entry) {
    const { t } = chat;
    const title = t(`proposal_${part.action}`) ?? part.action;
    node.setAttribute("aria-label", title);
    const changes = (part.changes ?? []).map((change) => el("li", {}, ...changeWords(change)));
    const refund = refundWords(chat, part.refund);
    node.replaceChildren(
      el("p.proposal-title", {}, title),
      el("p", {}, part.summary ?? ""),
      changes.length ? el("ul.changes", {}, ...changes) : "",
      refund ? el("p.refund", {}, el("span", {}, t("refund")), el("strong", {}, refund)) : "",
      ...footing(part, entry),
    );
  }

  function footing(part, entry) {
    const { t, act } = chat;
    if (part.settled) return [];
    const until = deadline(part);
    clearTimeout(timer);
    if (until && until <= Date.now()) return [el("p.faint", {}, t("expired"))];
    if (until) timer = setTimeout(() => update(part, entry), Math.min(until - Date.now() + 50, 2 ** 31 - 1));
    const made = entry.chosen?.action && entry.chosen.proposal === part.proposal ? entry.chosen.action : null;
    if (made) return [el("p.faint", { role: "status" }, t(made === "confirm" ? "confirming" : "declining"))];
    const button = (name, kind) => el(`button.${kind}`, { type: "button", onclick: () => act.decide(turn, part.proposal, name) }, t(name));
    const time = until ? new Intl.DateTimeFormat(LOCALES[chat.language], { hour: "2-digit", minute: "2-digit" }).format(until) : "";
    return [el("p.faint", {}, t("proposal_before")), el("div.decide", {}, button("confirm", "solid"), button("decline", "plain"), time && el("span.faint", {}, t("expires", { time })))];
  }

  const deadline = ({ expires_ms: limit }) => (typeof limit !== "number" ? null : limit > EPOCH_MS ? limit : arrived + limit);

  return { node, update };
}

export function outcomeView(chat) {
  const node = el("div.outcome");
  return {
    node,
    update({ status, text, reference }) {
      const { t } = chat;
      node.dataset.status = status;
      node.replaceChildren(
        el("p.outcome-title", {}, icon(status === "done" ? "check" : "alert", 17), t(`outcome_${status}`) ?? status),
        text ? el("p", {}, text) : "",
        reference ? el("p.faint", {}, t("reference", { reference })) : "",
      );
    },
  };
}

export function correctionView(chat) {
  const words = el("span");
  const node = el("div.correction", {}, icon("alert", 16), words);
  return {
    node,
    update({ product, field, was, now }) {
      const { t } = chat;
      const { title, currency } = titleAndCurrency(chat, product);
      const name = title ? (chat.language === "zh" ? `「${title}」` : `${title}: `) : "";
      const word = t(`field_${field}`) ?? field;
      words.textContent = t("corrected", { product: name, field: word, was: factWords(chat, field, was, currency), now: factWords(chat, field, now, currency) });
    },
  };
}

function changeWords(change) {
  if (typeof change !== "object" || change === null) return [String(change)];
  const label = change.label ?? change.field ?? change.item ?? change.title ?? "";
  const was = change.was ?? change.from;
  const now = change.now ?? change.to;
  if (was === undefined && now === undefined) return [String(label || change.text || "")];
  return [label ? `${label}: ` : "", was !== undefined && el("del", {}, String(was)), " ", now !== undefined && el("ins", {}, String(now))];
}

function refundWords(chat, refund) {
  if (refund === null || refund === undefined) return "";
  if (typeof refund !== "object") return typeof refund === "number" ? money(refund, titleAndCurrency(chat).currency, LOCALES[chat.language]) : String(refund);
  const amount = money(refund.amount, refund.currency, LOCALES[chat.language]);
  return refund.method ? `${amount} → ${refund.method}` : amount;
}
