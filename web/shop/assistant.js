// In:  the product the shopper looks at, or a question. Out: the chat widget told about it, when it is on the page.

const ready = customElements.whenDefined("daogou-chat").then(async () => {
  while (!document.querySelector("daogou-chat")) await new Promise(requestAnimationFrame);
  return document.querySelector("daogou-chat");
});

/** The assistant's own words follow the page's language. */
export async function speakToAssistant(language) {
  (await ready).setAttribute("locale", language === "zh" ? "zh-CN" : "en-US");
}

export async function tellAssistant({ product, title }) {
  (await ready).page({ product, title });
}

export async function askAssistant({ product, title, text } = {}) {
  (await ready).ask({ product, title, text });
}
