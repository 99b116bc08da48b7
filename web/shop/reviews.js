// In:  reviews [{rating, author, text, lang}]. Out: the list of them, those in the page's language first.

import { el } from "../widget/element.js";
import { rating } from "./tiles.js";
import { language, t } from "./words.js";

export function reviews(all) {
  const ours = (one) => (one.lang ?? language()).startsWith(language());
  const ordered = [...all.filter(ours), ...all.filter((one) => !ours(one))];
  const body = ordered.length ? el("ul", {}, ...ordered.map(review)) : el("p.faint", {}, t("no_reviews"));
  return el("section.reviews", {}, el("h2", {}, t("reviews")), body);
}

function review({ rating: given, author, text, lang }) {
  return el("li", {}, el("p.by", {}, rating(given), el("b", {}, author ?? "")), el("p", { lang: lang ?? null }, text));
}
