// In:  the category facet of the whole catalogue ("A > B > C", with counts). Out: one link a department, the largest first.

import { el } from "../widget/element.js";
import { search } from "./api.js";
import { listHref } from "./route.js";
import { language, t } from "./words.js";

const known = new Map();

export const department = (category) => String(category).split(" > ")[0];

/** → [{name, label, count}] of a category facet. Pure. */
export function grouped(values) {
  const counts = new Map();
  const labels = new Map();
  for (const { value, label, count } of values ?? []) {
    const name = department(value);
    counts.set(name, (counts.get(name) ?? 0) + count);
    labels.set(name, department(label ?? value));
  }
  return [...counts].map(([name, count]) => ({ name, label: labels.get(name), count })).sort((a, b) => b.count - a.count);
}

export async function departments(nav, route) {
  const lang = language();
  if (!known.has(lang)) {
    const asked = search({ limit: 1 }).then((found) => grouped(found.facets?.category));
    known.set(lang, asked);
    asked.catch(() => known.delete(lang));
  }
  const names = await known.get(lang).catch(() => []);
  if (lang !== language()) return;
  const here = route.filters.category ? department(route.filters.category) : null;
  const link = (name, href, current) => el("a", { href, "aria-current": current && "page" }, name);
  const all = link(t("all"), listHref({}), route.name === "list" && !here && !route.filters.q);
  nav.replaceChildren(el("div.departments-row", {}, all, ...names.map(({ name, label }) => link(label, listHref({ category: name }), here === name))));
  nav.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}
