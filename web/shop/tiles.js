// In:  hits of a search or a recommendation. Out: product tiles in a grid; skeletons while they are awaited.

import { el, picture, unseen } from "../widget/element.js";
import { money } from "../widget/money.js";
import { server } from "./api.js";
import { productHref } from "./route.js";
import { locale, t } from "./words.js";

export const grid = (hits) => el("ul.grid", {}, ...hits.map((hit) => el("li", {}, tile(hit))));

export function skeletons(n) {
  const blank = () => el("li", {}, el("div.tile.skeleton", {}, el("span.picture"), el("span.line"), el("span.line.short")));
  return el("ul.grid", { "aria-busy": "true", "aria-hidden": "true" }, ...Array.from({ length: n }, blank));
}

export function tile(hit) {
  const out = hit.availability === "out_of_stock";
  return el(
    "a.tile",
    { href: productHref(hit.id), class: out ? "out" : "" },
    el("span.frame", {}, picture(hit.image, server), badge(hit)),
    brand(hit),
    el("span.title", {}, hit.title),
    price(hit),
    out ? el("span.note", {}, t("out_of_stock")) : hit.rating ? rating(hit.rating) : null,
  );
}

/** The maker above the title, unless the title begins with it. */
function brand({ brand: name, title }) {
  const said = !name || [name, ...name.split(" ").filter((part) => part.length > 1)].some((part) => title.startsWith(part));
  return said ? null : el("span.brand", {}, name);
}

export function price({ price: now, list_price: was, currency }) {
  const lower = was !== undefined && was !== null && Number(was) > Number(now);
  return el("span.price", { class: lower ? "sale" : "" }, lower && unseen(`${t("now")} `), el("strong", {}, money(now, currency, locale())), lower && unseen(` ${t("was")} `), lower && el("del", {}, money(was, currency, locale())));
}

export function rating(value) {
  const shown = Math.round(value * 10) / 10;
  return el("span.stars", { role: "img", "aria-label": t("stars", { n: shown }), style: `--part:${(value / 5) * 100}%` });
}

/** Stock in a word: a badge only where it changes the shopper's mind. */
function badge(hit) {
  if (hit.availability === "out_of_stock") return null;
  if (hit.availability === "preorder" || hit.availability === "backorder") return el("span.flag", {}, t(hit.availability));
  if (hit.quantity > 0 && hit.quantity <= 3) return el("span.flag.low", {}, t("low_stock", { n: hit.quantity }));
  return hit.list_price > hit.price ? el("span.flag.low", {}, t("sale")) : null;
}
