// In:  the route. Out: the shop's head (search, departments, language, theme) and foot.

import { el } from "../widget/element.js";
import { icon } from "../widget/icons.js";
import { departments } from "./departments.js";
import { listHref } from "./route.js";
import { keep, language, t } from "./words.js";

export function drawHeader(node, route, switchLanguage) {
  const held = node.querySelector("input[type=search]") === document.activeElement;
  const input = el("input", { type: "search", name: "q", placeholder: t("search_placeholder"), "aria-label": t("search"), autocomplete: "off", enterkeyhint: "search", maxlength: "200" });
  input.value = route.filters.q ?? "";
  const form = el("form.search", { role: "search" }, input, el("button", { type: "submit", "aria-label": t("search") }, icon("search", 20)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = listHref({ q: input.value.trim() });
    input.blur();
  });
  const other = language() === "zh" ? "en" : "zh";
  const nav = node.querySelector("nav") ?? el("nav.departments");
  nav.setAttribute("aria-label", t("departments"));
  node.replaceChildren(
    el(
      "div.bar",
      {},
      el("a.logo", { href: "#/" }, el("img", { src: new URL("./mark.svg", import.meta.url).href, alt: "", width: "38", height: "38" }), el("span", {}, el("b", {}, t("shop")), el("i", { lang: other === "zh" ? "zh-CN" : "en" }, t("shop_other")))),
      form,
      el("div.switches", {}, el("button.quiet", { type: "button", lang: other === "zh" ? "zh-CN" : "en", onclick: () => switchLanguage(other) }, t("switch_language")), themeButton()),
    ),
    nav,
  );
  if (held) input.focus();
  void departments(nav);
}

export function drawFooter(node) {
  node.replaceChildren(el("div.foot-tile", { "aria-hidden": "true" }), el("p", {}, t("foot_about")), el("p", {}, t("foot_private")));
}

function themeButton() {
  const page = document.documentElement;
  const dark = () => (page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const button = el("button.quiet.theme", { type: "button", onclick: turn });
  function label() {
    button.setAttribute("aria-label", t(dark() ? "to_light" : "to_dark"));
    button.replaceChildren(icon(dark() ? "sun" : "moon", 20));
  }
  function turn() {
    page.dataset.theme = dark() ? "light" : "dark";
    keep("merlion theme", page.dataset.theme);
    label();
  }
  label();
  return button;
}
