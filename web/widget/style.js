// In:  a shadow root. Out: the widget's styles, constructed (so that a page's style-src policy does not stop them).

import frame from "./style-frame.js";
import talk from "./style-talk.js";
import products from "./style-products.js";
import compose from "./style-compose.js";

let sheet = null;

export function adoptStyle(shadow) {
  const text = [frame, talk, products, compose].join("\n");
  if ("adoptedStyleSheets" in Document.prototype) {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
    }
    shadow.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement("style");
  style.textContent = text;
  shadow.append(style);
}
