// In:  the filters in force and the facets of the result. Out: the filter panel, and a chip for each filter in force.
// Every filter is a link: it can be opened in a tab, and the back button undoes it.

import { el } from "../widget/element.js";
import { icon } from "../widget/icons.js";
import { money } from "../widget/money.js";
import { colorName, swatch } from "./colors.js";
import { listHref } from "./route.js";
import { locale, t } from "./words.js";

const SHOWN = 8;
const PRICES = [30, 60, 100, 200];
const WIDE = matchMedia("(min-width: 900px)");

/** Sizes and the like mean something among things of a kind: below a search or a category. */
export function filterPanel(filters, { facets = {}, attributes = [], total = 0 }) {
  const narrowed = Boolean(filters.q || filters.category);
  const active = Object.keys(filters).filter((name) => !["q", "sort", "attributes"].includes(name)).length + Object.keys(chosen(filters)).length;
  const summary = el("summary", {}, icon("filter", 18), t(active ? "filters_n" : "filters", { n: active }));
  return el(
    "details.filters",
    { open: WIDE.matches },
    summary,
    el(
      "div.filter-groups",
      {},
      stock(filters),
      group("category", facets.category, filters, (value) => value.split(" > ").at(-1)),
      prices(filters),
      group("brand", facets.brand, filters),
      colours(facets.color, filters),
      narrowed && group("size", facets.size, filters),
      narrowed && group("material", facets.material, filters),
      narrowed && group("person", facets.person, filters, (value) => t(`person_${value}`)),
      ...(narrowed ? withChosen(attributes, filters, total) : []).map((attribute) => stated(attribute, filters)),
    ),
  );
}

export function chips(filters, facets = {}) {
  const names = {
    category: (value) => value.split(" > ").at(-1),
    brand: (value) => value,
    color: colorName,
    size: (value) => value,
    material: (value) => facets.material?.find((own) => own.value === value)?.label ?? value,
    person: (value) => t(`person_${value}`),
    price_max: (value) => `≤ ${money(Number(value), "SGD", locale())}`,
    in_stock: () => t("in_stock_only"),
  };
  const list = Object.entries(names).filter(([name]) => filters[name]).map(([name, label]) => chip(label(filters[name]), without(filters, name)));
  const stated = Object.entries(chosen(filters)).map(([name, value]) => chip(`${name}: ${value}`, listHref(withAttribute(filters, name))));
  return el("div.chips", {}, ...list, ...stated);
}

const chip = (text, href) => el("a.chip", { href, "aria-label": t("without", { name: text }) }, text, icon("close", 14));

/** The attributes in force: {name: value}. */
function chosen(filters) {
  try {
    const given = JSON.parse(filters.attributes ?? "{}");
    return given && typeof given === "object" && !Array.isArray(given) ? given : {};
  } catch {
    return {};
  }
}

/** What has been chosen divides no longer, and stays in the menu to be taken back. */
function withChosen(attributes, filters, total) {
  const gone = Object.entries(chosen(filters)).filter(([name]) => !attributes.some((own) => own.name === name));
  return [...gone.map(([name, value]) => ({ name, values: [{ value, count: total }] })), ...attributes];
}

function withAttribute(filters, name, value) {
  const attributes = { ...chosen(filters), [name]: value };
  const text = JSON.stringify(attributes);
  return { ...filters, attributes: text === "{}" ? undefined : text };
}

/** What the products state under a name of their own. */
function stated({ name, values }, filters) {
  const now = chosen(filters)[name];
  const line = ({ value, count }) => {
    const on = now === value;
    const href = listHref(withAttribute(filters, name, on ? undefined : value));
    return el("li", {}, el("a.value", { href, "aria-current": on && "true", "data-filter": `attribute ${name} ${value}` }, el("span", {}, value), el("small", {}, String(count))));
  };
  return menu(name, values.map(line), values.findIndex(({ value }) => value === now));
}

/** A headed list; what is beyond the first few is folded away, unless the chosen one stands there. */
function menu(title, lines, chosenAt) {
  const rest = lines.slice(SHOWN);
  const more = rest.length > 0 && el("details.rest", { open: chosenAt >= SHOWN }, el("summary", {}, t("more_values")), el("ul", {}, ...rest));
  return el("section", {}, el("h2", {}, title), el("ul", {}, ...lines.slice(0, SHOWN)), more);
}

const without = (filters, name) => listHref({ ...filters, [name]: undefined });

function toggle(filters, name, value, ...children) {
  const on = filters[name] === value;
  return el("a.value", { href: on ? without(filters, name) : listHref({ ...filters, [name]: value }), "aria-current": on && "true", "data-filter": `${name} ${value}` }, ...children);
}

function group(name, values, filters, label = (value) => value) {
  if (!values?.length) return null;
  const line = ({ value, label: shown, count }) => el("li", {}, toggle(filters, name, value, el("span", {}, label(shown ?? value)), el("small", {}, String(count))));
  return menu(t(name), values.map(line), values.findIndex(({ value }) => value === filters[name]));
}

function colours(values, filters) {
  if (!values?.length) return null;
  const dot = ({ value }) => {
    const node = toggle(filters, "color", value, el("i", { style: `background:${swatch(value)}` }), el("span.unseen", {}, colorName(value)));
    node.className = "swatch";
    node.title = colorName(value);
    return el("li", {}, node);
  };
  return el("section", {}, el("h2", {}, t("color")), el("ul.swatches", {}, ...values.slice(0, 24).map(dot)));
}

function stock(filters) {
  const on = Boolean(filters.in_stock);
  return el("section", {}, el("a.switch", { role: "switch", "aria-checked": String(on), "data-filter": "in_stock", href: listHref({ ...filters, in_stock: on ? undefined : "1" }) }, el("span", {}, t("in_stock_only")), el("i")));
}

function prices(filters) {
  const input = el("input", { type: "number", min: "1", step: "1", inputmode: "numeric", "aria-label": t("price_max"), placeholder: t("price_any"), "data-filter": "price_max" });
  input.value = filters.price_max ?? "";
  const form = el("form.price-form", {}, el("span", {}, "S$"), input, el("button.quiet", { type: "submit" }, t("price_apply")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = listHref({ ...filters, price_max: input.value });
  });
  const presets = PRICES.map((price) => {
    const node = toggle(filters, "price_max", String(price), `≤ ${price}`);
    node.className = "preset";
    return node;
  });
  return el("section", {}, el("h2", {}, t("price_max")), el("div.presets", {}, ...presets), form);
}
