// In:  the newest finished reply. Out: five stars under it; one to three stars also ask why.

import { el } from "./element.js";
import { icon } from "./icons.js";

export function ratingView(chat) {
  const { t, act } = chat;
  const node = el("div.rating", { hidden: true, "aria-live": "off" });
  let drawn = "";

  function ask(turn) {
    const stars = [1, 2, 3, 4, 5].map((n) => el("button.star", { type: "button", "aria-label": t("rate_score", { n }), onclick: () => act.rate(turn, n) }, icon("star", 16)));
    node.replaceChildren(el("span", {}, t("rate")), el("span.stars", { role: "group", "aria-label": t("rate") }, ...stars));
  }

  function thank(turn, score) {
    const thanks = el("span", { role: "status" }, t("rate_thanks"));
    if (score > 3) return node.replaceChildren(thanks);
    const comment = el("input.comment", { type: "text", maxlength: "500", placeholder: t("rate_more"), "aria-label": t("rate_more") });
    const form = el("form.comment-form", {}, comment, el("button.link", { type: "submit" }, t("rate_send")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (comment.value.trim()) act.rate(turn, score, comment.value.trim());
      form.remove();
    });
    node.replaceChildren(thanks, form);
    requestAnimationFrame(() => form.scrollIntoView({ block: "nearest" }));
  }

  return {
    node,
    update(entry, last) {
      const known = entry.rating ?? act.ratingOf(entry.turn);
      const finished = entry.done && ["answered", "handed_off"].includes(entry.done.finish) && hasSubstance(entry);
      node.hidden = !last || !finished || (known !== undefined && entry.rating === undefined);
      const wanted = `${entry.turn} ${known}`;
      if (node.hidden || wanted === drawn) return;
      drawn = wanted;
      if (known === undefined) ask(entry.turn);
      else thank(entry.turn, known);
    },
  };
}

/** A thank-you needs no stars: something of the catalogue, the rules or the order was in the answer. */
const hasSubstance = ({ parts }) => parts.some((one) => (one.kind === "text" ? one.sentences.some(({ claims }) => claims.length > 0) : one.kind !== "choices"));
