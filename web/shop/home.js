// In:  recommendations and the first page of the catalogue. Out: the home page. A part that cannot be had is left out.

import { el, picture } from "../widget/element.js";
import { icon } from "../widget/icons.js";
import { recommend, search, server } from "./api.js";
import { askAssistant } from "./assistant.js";
import { listHref, productHref } from "./route.js";
import { grid, skeletons } from "./tiles.js";
import { t } from "./words.js";

const MOSAIC = 5;

export async function homePage(main, _route, signal) {
  const mosaic = el("div.mosaic", {}, ...Array.from({ length: MOSAIC * 2 - 1 }, () => el("span.cell.tiled")));
  const picked = section(t("for_you"), skeletons(8));
  const around = section(t("browse"), skeletons(8), el("a.more", { href: listHref({}) }, t("see_all"), icon("right", 16)));
  main.replaceChildren(hero(mosaic), picked.node, around.node);
  const [home, all] = await Promise.allSettled([recommend({ for: "home" }, signal), search({ limit: 24 }, signal)]);
  if (signal.aborted) return;
  if (home.status === "rejected" && all.status === "rejected") throw all.reason;
  const hits = all.value?.hits ?? [];
  const chosen = home.value?.hits?.length ? home.value.hits : hits;
  fill(mosaic, chosen);
  picked.show(home.value?.hits?.slice(0, 8) ?? []);
  const seen = new Set(home.value?.hits?.slice(0, 8).map((hit) => hit.id));
  const fresh = hits.filter((hit) => !seen.has(hit.id));
  around.show((fresh.length >= 4 ? fresh : hits).slice(0, fresh.length >= 8 ? 8 : 4));
}

function hero(mosaic) {
  const example = (key) => el("button.example", { type: "button", onclick: () => askAssistant({ text: t(key) }) }, t(key));
  return el(
    "section.hero",
    {},
    el(
      "div.hero-words",
      {},
      el("h1", {}, t("hero_title")),
      el("p", {}, t("hero_more")),
      el("div.hero-actions", {}, el("button.solid", { type: "button", onclick: () => askAssistant() }, icon("chat", 20), t("hero_ask")), el("a.plain", { href: listHref({}) }, t("hero_browse"))),
      el("div.hero-examples", {}, el("span", {}, t("hero_examples")), example("example_1"), example("example_2")),
    ),
    mosaic,
  );
}

/** A wall of tiles, every second one a window on a product. */
function fill(mosaic, hits) {
  const cells = [...mosaic.children];
  hits.slice(0, MOSAIC).forEach((hit, at) => {
    const window = el("a.cell", { href: productHref(hit.id), "aria-label": hit.title, title: hit.title }, picture(hit.image, server));
    cells[at * 2].replaceWith(window);
  });
}

function section(title, waiting, more) {
  const body = el("div", {}, waiting);
  const node = el("section.shelf", {}, el("div.shelf-head", {}, el("h2", {}, title), more), body);
  return {
    node,
    show(hits) {
      if (hits.length === 0) node.remove();
      else body.replaceChildren(grid(hits));
    },
  };
}
