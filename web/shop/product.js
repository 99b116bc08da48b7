// In:  a product's id. Out: its page: picture, variants, price and stock of the chosen one, details, reviews, things like it.

import { el, picture } from "../widget/element.js";
import { icon } from "../widget/icons.js";
import { product as load, recommend, server } from "./api.js";
import { askAssistant, tellAssistant } from "./assistant.js";
import { listHref } from "./route.js";
import { reviews } from "./reviews.js";
import { grid, price, rating } from "./tiles.js";
import { openVariants } from "./variants.js";
import { t } from "./words.js";

export async function productPage(main, { id }, signal) {
  main.replaceChildren(waiting());
  let item;
  try {
    item = await load(id, signal);
  } catch (error) {
    if (error.status === 404 && !signal.aborted) return void main.replaceChildren(gone());
    throw error;
  }
  if (signal.aborted) return;
  document.title = `${item.title} · ${t("shop")}`;
  main.replaceChildren(page(item));
  await similar(main, item, signal);
}

function page(item) {
  const gallery = el("div.gallery");
  const offer = el("div.offer");
  const variants = openVariants(item, show);

  function show(variant) {
    gallery.replaceChildren(picture(variant.image ?? item.image, server, item.title));
    const list = variant.list_price ?? (variant.price === undefined || variant.price === item.price ? item.list_price : undefined);
    void tellAssistant({ product: variant.id ?? item.id, title: item.title });
    offer.replaceChildren(price({ price: variant.price ?? item.price, list_price: list, currency: item.currency }), stock(variant, item));
  }
  show(variants.chosen);

  const ask = () => askAssistant({ product: variants.chosen.id ?? item.id, title: item.title });
  return el(
    "article.product",
    {},
    trail(item),
    el(
      "div.product-top",
      {},
      gallery,
      el(
        "div.buy",
        {},
        el("p.brand", {}, item.brand ?? ""),
        el("h1", {}, item.title),
        score(item),
        offer,
        variants.node,
        el("div.ask", {}, el("button.solid", { type: "button", onclick: ask }, icon("chat", 20), t("ask_product")), el("p", {}, t("ask_hint"))),
        el("p.description", {}, item.description ?? ""),
        points(item.highlights),
      ),
    ),
    el("div.product-more", {}, details(item), reviews(item.reviews ?? [])),
  );
}

function trail({ category }) {
  const steps = String(category ?? "").split(" > ").filter(Boolean);
  const links = steps.map((name, at) => el("li", {}, el("a", { href: listHref({ category: steps.slice(0, at + 1).join(" > ") }) }, name)));
  return el("nav.trail", { "aria-label": t("departments") }, el("ol", {}, el("li", {}, el("a", { href: "#/" }, t("home"))), ...links));
}

function score({ rating: given, reviews: all = [] }) {
  const value = given ?? (all.length ? all.reduce((sum, one) => sum + one.rating, 0) / all.length : null);
  return value ? el("p.score", {}, rating(value), el("span", { "aria-hidden": "true" }, value.toFixed(1))) : null;
}

function stock(variant, item) {
  const state = variant.availability ?? item.availability;
  const left = variant.quantity ?? (item.variants?.length > 1 ? undefined : item.quantity);
  const low = state === "in_stock" && left > 0 && left <= 3;
  return el("p.stock", { "data-stock": state, role: "status" }, low ? t("low_stock", { n: left }) : t(state));
}

function points(lines) {
  if (!lines?.length) return null;
  return el("ul.points", { "aria-label": t("highlights") }, ...lines.map((line) => el("li", {}, icon("check", 18), el("span", {}, line))));
}

function details(item) {
  const rows = [...(item.details ?? [])];
  if (item.material && !rows.some((row) => row.name === t("material"))) rows.unshift({ name: t("material"), value: item.material });
  if (rows.length === 0) return null;
  return el("section.details", {}, el("h2", {}, t("details")), el("table", {}, el("tbody", {}, ...rows.map(({ name, value }) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, String(value)))))));
}

async function similar(main, item, signal) {
  const found = await recommend({ for: "product", id: item.id }, signal).catch(() => null);
  const hits = found?.hits?.filter((hit) => hit.id !== item.id).slice(0, 4) ?? [];
  if (signal.aborted || hits.length === 0) return;
  main.append(el("section.shelf", {}, el("div.shelf-head", {}, el("h2", {}, t("similar"))), grid(hits)));
}

function waiting() {
  return el("article.product", { "aria-busy": "true" }, el("div.product-top", { "aria-hidden": "true" }, el("div.gallery.skeleton", {}, el("span.picture")), el("div.buy.skeleton", {}, el("span.line.short"), el("span.line.tall"), el("span.line.short"), el("span.line"), el("span.line"))));
}

function gone() {
  return el("section.empty", {}, el("div.empty-tile", { "aria-hidden": "true" }), el("h1", {}, t("gone")), el("p", {}, t("gone_more")), el("a.solid", { href: listHref({}) }, t("hero_browse")));
}
