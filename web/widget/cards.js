// In:  the products of a reply. Out: a row of cards that scrolls sideways: arrows, Home and End move, Enter opens.

import { el, picture, safeUrl, unseen } from "./element.js";
import { factWords } from "./facts.js";
import { icon } from "./icons.js";
import { money } from "./money.js";
import { LOCALES } from "./strings.js";

export function cardsView(chat, turn) {
  const { t } = chat;
  const list = el("ul.cards", { onkeydown: onKey });
  const back = el("button.nudge.back", { type: "button", tabindex: "-1", "aria-label": t("previous"), onclick: () => nudge(-1) }, icon("left", 18));
  const on = el("button.nudge.on", { type: "button", tabindex: "-1", "aria-label": t("next"), onclick: () => nudge(1) }, icon("right", 18));
  const node = el("div.cards-frame", { role: "group" }, list, back, on);
  const links = () => [...list.querySelectorAll("a")];

  list.addEventListener("scroll", edges, { passive: true });
  new ResizeObserver(edges).observe(list);

  function edges() {
    const end = list.scrollWidth - list.clientWidth;
    back.hidden = list.scrollLeft < 8;
    on.hidden = list.scrollLeft > end - 8;
  }

  function nudge(direction) {
    list.scrollBy({ left: direction * list.clientWidth * 0.8, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  }

  function onKey(event) {
    const all = links();
    const at = all.indexOf(event.target.closest("a"));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || !all[to]) return;
    event.preventDefault();
    focusable(all[to]);
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const focusable = (link) => links().forEach((other) => (other.tabIndex = other === link ? 0 : -1));

  return {
    node,
    update({ items }) {
      node.setAttribute("aria-label", t("products", { n: items.length }));
      list.replaceChildren(...items.map((item) => el("li", {}, card(chat, turn, item))));
      if (list.firstChild) focusable(links()[0]);
      edges();
    },
  };
}

function card(chat, turn, item) {
  const url = productUrl(chat, item);
  const follow = (event) => {
    if (!chat.act.openProduct(turn, item, url)) event.preventDefault();
    if (chat.view.isNarrow) chat.view.close();
  };
  const elsewhere = new URL(url).origin !== location.origin;
  const was = item.corrected?.price ?? item.list_price;
  const locale = LOCALES[chat.language];
  return el(
    "a.card",
    { href: url, "data-product": item.id, "data-price": item.price, target: elsewhere && "_blank", rel: elsewhere && "noopener", onclick: follow },
    picture(item.image, chat.server),
    el("span.card-title", { title: item.title }, item.title ?? item.id),
    el("span.card-price", {}, el("strong", {}, money(item.price, item.currency, locale)), was !== undefined && was !== item.price && el("del", {}, unseen(" "), money(was, item.currency, locale))),
    stock(chat, item),
    reasons(item, locale),
  );
}

function stock(chat, item) {
  if (!item.availability) return null;
  return el("span.stock", { "data-stock": item.availability }, factWords(chat, "availability", item.availability));
}

/** What speaks for the product; the price it had before already stands beside its price. */
function reasons({ why, list_price: was, currency }, locale) {
  const before = was === undefined ? null : money(was, currency, locale);
  const said = (why ?? []).map((one) => (typeof one === "string" ? one : (one?.text ?? one?.label))).filter(Boolean);
  const lines = before ? said.filter((line) => !line.includes(before)) : said;
  return lines.length ? el("span.why", {}, ...lines.slice(0, 3).map((line) => el("span", {}, line))) : null;
}

/** The feed's own link, else the pattern of the page (data-product-url="…{id}…"), else the demo shop of this server. */
function productUrl(chat, item) {
  const pattern = chat.element.dataset.productUrl ?? "#/p/{id}";
  return safeUrl(item.link, chat.server) ?? safeUrl(pattern.replace("{id}", encodeURIComponent(item.id)), chat.server) ?? chat.server;
}
