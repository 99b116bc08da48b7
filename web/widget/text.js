// In:  the sentences of a reply, as far as they have come. Out: one bubble; each sentence is added once and stays.
// Price and stock stand out a little; a claim that has changed since is struck through beside its new value.

import { el } from "./element.js";
import { factWords } from "./facts.js";
import { gap, pieces } from "./prose.js";

const OFFER = new Set(["price", "list_price", "availability", "quantity"]);
const LONGEST_OFFER = 24;

export function textView(chat) {
  const node = el("div.bubble.prose");
  const shown = new Map();

  function draw(sentence) {
    const span = el("span.sentence");
    for (const piece of pieces(sentence.text, sentence.claims)) {
      const { claim } = piece;
      if (!claim) span.append(piece.text);
      else if (claim.now === undefined) span.append(el("span.claim", { class: isOffer(claim) ? "offer" : "", title: chat.t("verified") }, piece.text));
      else span.append(el("del", {}, piece.text), " ", el("ins", {}, factWords(chat, claim.field, claim.now)));
    }
    return span;
  }

  return {
    node,
    update({ sentences }) {
      let before = "";
      let last = null;
      for (const sentence of sentences) {
        let known = shown.get(sentence.index);
        if (known?.sentence !== sentence) {
          const span = draw(sentence);
          if (known) known.span.replaceWith(span);
          else if (last) last.after(span);
          else node.prepend(span);
          known = { sentence, span };
          shown.set(sentence.index, known);
        }
        known.span.dataset.gap = gap(before, sentence.text);
        if (known.gap !== known.span.dataset.gap) {
          known.gap = known.span.dataset.gap;
          if (known.gap) known.span.prepend(known.gap);
        }
        before = sentence.text;
        last = known.span;
      }
    },
  };
}

/** What a shopper looks for first. Everything else bound to the catalogue reads as plain text. */
const isOffer = ({ field, text }) => OFFER.has(field) && text.length <= LONGEST_OFFER;
