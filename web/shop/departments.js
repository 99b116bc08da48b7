// In:  the category facet of the whole catalogue ("A > B > C", with counts). Out: one link a department, the largest first.

import { el } from "../widget/element.js";
import { search } from "./api.js";
import { listHref, routeOf } from "./route.js";
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

export async function departments(nav) {
  const lang = language();
  if (!known.has(lang)) {
    const asked = search({ limit: 1 }).then((found) => grouped(found.facets?.category));
    known.set(lang, asked);
    asked.catch(() => known.delete(lang));
  }
  const names = await known.get(lang).catch(() => []);
  if (lang !== language()) return;
  const link = (name, label, href) => el("a", { href, "data-department": name }, label);
  nav.replaceChildren(el("div.departments-row", {}, link("", t("all"), listHref({})), ...names.map(({ name, label }) => link(name, label, listHref({ category: name })))));
  const { name, filters } = routeOf(location.hash);
  markDepartment(name === "list" ? filters : { q: " " });
}

/** Marks the department the list shows; none while words are searched for. */
export function markDepartment({ category, q }) {
  const here = category ? department(category) : q ? null : "";
  for (const link of document.querySelectorAll("[data-department]")) {
    if (link.dataset.department === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const row = link.parentElement;
    if (link.dataset.department === here) row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  }
}
