// In:  the chat, before anything was said. Out: a greeting and three things to ask; on a product page they are about it.

import { el } from "./element.js";

export function welcome(chat) {
  const node = el("div.welcome");
  let drawn = null;

  return {
    node,
    update(needed) {
      const about = Boolean(chat.page.product);
      if (!needed || drawn === about) return;
      drawn = about;
      const { t } = chat;
      const examples = t(about ? "examples_page" : "examples").map((text) => el("li", {}, el("button.example", { type: "button", onclick: () => chat.act.say(text) }, text)));
      node.replaceChildren(el("p.welcome-title", {}, t("greeting")), el("p.welcome-more", {}, t("greeting_more")), el("ul.examples", {}, ...examples));
    },
  };
}
