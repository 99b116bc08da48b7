// In:  a page with the chat widget on it. Out: what a shopper does there, and what they see. Everything waits on conditions.

import assert from "node:assert/strict";

export const TURN_MS = Number(process.env.TURN_MS ?? 120_000);

/** Tabs to the launcher and presses Enter, as someone without a mouse does. */
export async function openByKeyboard(page) {
  await page.locator("daogou-chat .launcher").waitFor();
  for (let presses = 0; presses < 300; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page))?.includes("launcher")) break;
  }
  assert.match((await focused(page)) ?? "", /launcher/, "the launcher is never reached with Tab");
  await page.keyboard.press("Enter");
  await page.locator("daogou-chat .panel").waitFor();
  assert.match((await focused(page)) ?? "", /input/, "opening the panel does not put the cursor in the input");
}

const focused = (page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? null);

export async function type(page, text) {
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

/** The end of the newest turn → what is on the screen of it. */
export async function replyTo(page, text) {
  const said = mine(page, text).last();
  await said.waitFor();
  const reply = page.locator("daogou-chat .message.mine", { hasText: text }).last().locator("xpath=following-sibling::*[contains(@class,'reply')][1]");
  await reply.locator("xpath=self::*[@data-finish!='']").waitFor({ timeout: TURN_MS });
  return {
    finish: await reply.getAttribute("data-finish"),
    cards: await reply.locator(".card").evaluateAll((all) => all.map((card) => ({ id: card.dataset.product, price: Number(card.dataset.price), title: card.querySelector(".card-title").textContent }))),
    sentences: await reply.locator(".sentence").allTextContents(),
  };
}

export const mine = (page, text) => page.locator("daogou-chat .message.mine", { hasText: text });

export const delivered = (page, text) => page.locator("daogou-chat .message.mine.sent", { hasText: text }).first().waitFor();

/** Ids of messages the page still holds for the server. */
export const held = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => / out /.test(key)));
