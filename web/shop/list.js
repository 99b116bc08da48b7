// In:  search words and filters from the address. Out: the list of products with facets, 24 at a time.

import { el } from "../widget/element.js";
import { search } from "./api.js";
import { askAssistant } from "./assistant.js";
import { markDepartment } from "./departments.js";
import { chips, filterPanel } from "./filters.js";
import { listHref } from "./route.js";
import { grid, skeletons, tile } from "./tiles.js";
import { t } from "./words.js";

const PAGE = 24;
const SORTS = ["", "price_asc", "price_desc", "rating"];

export async function listPage(main, { filters }, signal) {
  const standing = main.querySelector(".list");
  const opened = standing?.querySelector("details.filters")?.open;
  if (standing) standing.setAttribute("aria-busy", "true");
  else main.replaceChildren(el("section.list", { "aria-busy": "true" }, el("div.side"), el("div.found", {}, heading(filters), skeletons(12))));
  const found = await search({ ...filters, limit: PAGE }, signal);
  if (signal.aborted) return;
  filters = inPageLanguage(filters, found.hits[0]);
  const side = filterPanel(filters, found);
  if (opened) side.open = true;
  const focus = document.activeElement?.dataset?.filter;
  main.replaceChildren(el("section.list", {}, el("div.side", {}, side), el("div.found", {}, heading(filters, found.total), toolbar(filters, found), results(filters, found, signal))));
  if (focus) main.querySelector(`[data-filter="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

/** A department's path belongs to a language, the server takes both: the address follows the page's. */
function inPageLanguage(filters, hit) {
  if (!filters.category || !hit?.category) return filters;
  const depth = filters.category.split(" > ").length;
  const category = hit.category.split(" > ").slice(0, depth).join(" > ");
  if (category === filters.category) return filters;
  const named = { ...filters, category };
  history.replaceState(null, "", listHref(named));
  markDepartment(named);
  return named;
}

function heading(filters, total) {
  const name = filters.q ? t("results_for", { q: filters.q }) : (filters.category?.split(" > ").at(-1) ?? t("all"));
  const count = total === undefined ? "" : t(total === 1 ? "results_one" : "results", { n: total });
  return el("div.list-head", {}, el("h1", {}, name), el("p", { role: "status" }, count));
}

function toolbar(filters, { total, facets }) {
  const select = el("select", { "aria-label": t("sort"), "data-filter": "sort" }, ...SORTS.map((sort) => el("option", { value: sort, selected: (filters.sort ?? "") === sort }, t(`sort_${sort}`))));
  select.addEventListener("change", () => (location.hash = listHref({ ...filters, sort: select.value })));
  return el("div.toolbar", {}, chips(filters, facets), total > 1 && el("label.sort", {}, el("span", {}, t("sort")), select));
}

function results(filters, found, signal) {
  if (found.hits.length === 0) return nothing(filters);
  const list = grid(found.hits);
  const node = el("div", {}, list);
  let shown = found.hits.length;
  const more = el("button.plain.load", { type: "button", onclick: next });
  const label = () => (more.textContent = t("load_more", { n: Math.min(PAGE, found.total - shown) }));
  if (shown < found.total) node.append(more);
  label();

  async function next() {
    more.disabled = true;
    try {
      const page = await search({ ...filters, limit: PAGE, offset: shown }, signal);
      const added = page.hits.map((hit) => el("li", {}, tile(hit)));
      list.append(...added);
      shown += added.length;
      added[0]?.querySelector("a").focus({ preventScroll: true });
      if (shown >= found.total || added.length === 0) more.remove();
    } finally {
      more.disabled = false;
      label();
    }
  }
  return node;
}

function nothing(filters) {
  const ask = () => askAssistant({ text: filters.q });
  const filtered = Object.keys(filters).some((name) => name !== "q" && name !== "sort");
  return el(
    "div.empty",
    {},
    el("div.empty-tile", { "aria-hidden": "true" }),
    el("h2", {}, t("nothing")),
    el("p", {}, t("nothing_more")),
    el("div.hero-actions", {}, el("button.solid", { type: "button", onclick: ask }, t("hero_ask")), filtered && el("a.plain", { href: listHref({ q: filters.q }) }, t("clear"))),
  );
}
