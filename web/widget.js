// In:  <script type="module" src="https://SHOP/widget.js" data-locale="auto"></script> on any page.
// Out: one <daogou-chat> element at the end of that page, talking to the server this file came from.
// Attributes of the script tag: data-locale (auto, zh-CN, en-US), data-theme (light, dark), data-product, data-product-title,
// data-product-url (a link with {id}), data-consent="behaviour", data-identity-id and data-identity-hmac.

import { DaogouChat } from "./widget/chat.js";

if (!customElements.get("daogou-chat")) customElements.define("daogou-chat", DaogouChat);

const tag = [...document.querySelectorAll("script[type=module][src]")].find((script) => script.src === import.meta.url);

function place() {
  if (document.querySelector("daogou-chat")) return;
  const chat = document.createElement("daogou-chat");
  const { locale = "auto", product, productTitle, ...rest } = tag?.dataset ?? {};
  chat.setAttribute("locale", locale);
  if (product) chat.setAttribute("product", product);
  if (productTitle) chat.setAttribute("product-title", productTitle);
  Object.assign(chat.dataset, rest);
  document.body.append(chat);
}

if (document.body) place();
else addEventListener("DOMContentLoaded", place, { once: true });
