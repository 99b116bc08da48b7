// In:  the address after "#" and the shopper's language. Out: the page for it in <main>, and the assistant told where the shopper is.

import { el } from "./widget/element.js";
import { drawFooter, drawHeader } from "./shop/frame.js";
import { homePage } from "./shop/home.js";
import { language, rememberLanguage, t } from "./shop/words.js";
import { listPage } from "./shop/list.js";
import { productPage } from "./shop/product.js";
import { routeOf } from "./shop/route.js";
import { speakToAssistant, tellAssistant } from "./shop/assistant.js";

const PAGES = { home: homePage, list: listPage, product: productPage };
const main = document.getElementById("main");
const skip = document.querySelector(".skip");
let leaving = new AbortController();

async function show({ keepScroll = false } = {}) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const route = routeOf(location.hash);
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  drawHeader(document.getElementById("top"), route, switchLanguage);
  drawFooter(document.getElementById("foot"));
  skip.textContent = t("skip");
  document.title = t("shop_title");
  if (route.name !== "product") tellAssistant({});
  const page = PAGES[route.name];
  if (!keepScroll) scrollTo({ top: 0, behavior: "instant" });
  try {
    await page(main, route, signal);
  } catch (error) {
    if (signal.aborted) return;
    console.error(error);
    main.replaceChildren(trouble());
  }
}

function trouble() {
  return el("section.empty", { role: "alert" }, el("h1", {}, t("trouble")), el("p", {}, t("trouble_more")), el("button.solid", { type: "button", onclick: () => show() }, t("retry")));
}

function switchLanguage(next) {
  rememberLanguage(next);
  void speakToAssistant(next);
  void show();
}

addEventListener("daogou:language", ({ detail }) => detail.language !== language() && switchLanguage(detail.language));
skip.addEventListener("click", (event) => {
  event.preventDefault(); // the address after "#" is the page here
  main.focus();
});
let previous = location.hash;
addEventListener("hashchange", () => {
  const [before, after] = [routeOf(previous), routeOf(location.hash)];
  previous = location.hash;
  void show({ keepScroll: before.name === "list" && after.name === "list" });
  if (before.name !== after.name || after.name === "product") main.focus({ preventScroll: true });
});
void speakToAssistant(language());
void show();
