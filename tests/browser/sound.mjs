// In:  a page and where it is. Out: nothing, or the reason why someone with weak eyes, without a mouse or with a screen reader is stuck.

import assert from "node:assert/strict";
import { faintText } from "./contrast.mjs";

export async function sound(page, where) {
  assert.deepEqual(await faintText(page), [], `${where}: text too faint`);
  assert.deepEqual(await nameless(page), [], `${where}: controls without a name`);
  assert.deepEqual(await small(page), [], `${where}: controls smaller than 24 px`);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${where}: the page scrolls sideways`);
}

/** Controls of the accessibility tree, the shadow tree included, that a screen reader has no words for. */
async function nameless(page) {
  const line = await page.context().newCDPSession(page);
  const { nodes } = await line.send("Accessibility.getFullAXTree");
  await line.detach();
  const controls = new Set(["button", "link", "textbox", "searchbox", "combobox", "switch", "dialog", "img", "spinbutton", "log", "navigation"]);
  return nodes.filter((node) => !node.ignored && controls.has(node.role?.value) && !node.name?.value?.trim()).map((node) => `${node.role.value} ${node.backendDOMNodeId}`);
}

/** WCAG 2.2, 2.5.8; links within running text are exempt. */
function small(page) {
  return page.evaluate(() => {
    const roots = [document, ...[...document.querySelectorAll("*")].map((node) => node.shadowRoot).filter(Boolean)];
    return roots.flatMap((root) => [...root.querySelectorAll("button, a[href], input:not([type=file]), select, summary, textarea")])
      .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".trail, .unseen, .skip"))
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 23.5 || box.height < 23.5))
      .map(({ node, box }) => `${node.localName}.${node.className} ${Math.round(box.width)}×${Math.round(box.height)}`);
  });
}
