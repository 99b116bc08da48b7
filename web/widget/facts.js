// In:  a field of a product (price, availability, …) and its value. Out: the words a shopper reads.

import { LOCALES } from "./strings.js";
import { money } from "./money.js";

export function factWords(chat, field, value, currency = currencyIn(chat)) {
  if (value === null || value === undefined) return "";
  const wanted = field.includes("price") && !Number.isNaN(Number(value));
  if (wanted) return money(value, currency, LOCALES[chat.language]);
  if (field === "availability") return chat.t(value) ?? String(value);
  return String(value);
}

/** A correction names no currency; it is the one the cards are in. */
function currencyIn(chat) {
  return titleAndCurrency(chat).currency;
}

export function titleAndCurrency(chat, product) {
  const items = chat.state.entries.flatMap((entry) => entry.parts?.find((one) => one.kind === "products")?.items ?? []);
  const item = items.findLast((one) => one.id === product) ?? items.at(-1);
  return { title: item?.id === product ? item?.title : undefined, currency: item?.currency };
}
