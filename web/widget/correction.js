// In:  a correction: a product, what of it has changed, from what to what. Out: one line that says so.

import { el } from "./element.js";
import { factWords, titleAndCurrency } from "./facts.js";
import { icon } from "./icons.js";

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
