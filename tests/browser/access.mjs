// In:  the address of a running Daogou with the demo shop: node access.mjs http://127.0.0.1:8080
// Out: one line a check of what a shopper with weak eyes, without a mouse or with a screen reader meets; exit code 0 when all hold.

import assert from "node:assert/strict";
import { launch, openPage } from "./browser.mjs";
import { openByKeyboard, replyTo, type } from "./chat.mjs";
import { sound } from "./sound.mjs";

const PLACES = ["#/", "#/s", "#/s?price_max=60&in_stock=1", "#/p/FTW-101-BLK-41", "#/p/NONE"];
const WIDTHS = [390, 1280];
const ASK = { "zh-CN": "比较两款登山鞋", "en-US": "a rain jacket under 80" };

const base = process.argv[2];
if (!base) {
  console.error("usage: node access.mjs BASE_URL");
  process.exit(2);
}

const browser = await launch();
try {
  for (const width of WIDTHS) {
    for (const colorScheme of ["light", "dark"]) {
      for (const locale of Object.keys(ASK)) await visit({ viewport: { width, height: 860 }, colorScheme, locale });
    }
  }
  console.log("all checks hold");
} catch (error) {
  console.error(`FAIL: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

async function visit(options) {
  const { context, page } = await openPage(browser, base, { ...options, reducedMotion: "reduce" });
  const name = `${options.viewport.width} ${options.colorScheme} ${options.locale}`;
  for (const place of PLACES) {
    await page.goto(new URL(place, base).href);
    await page.locator("main h1").first().waitFor();
    await page.waitForLoadState("networkidle");
    await sound(page, `${name} ${place}`);
  }
  await openByKeyboard(page);
  await sound(page, `${name} greeting`);
  await type(page, ASK[options.locale]);
  await replyTo(page, ASK[options.locale]);
  await sound(page, `${name} reply`);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("daogou-chat .panel").isVisible(), false, "Esc does not close the panel");
  assert.match(await focusedClass(page), /launcher/, "closing the panel does not hand the focus back");
  await context.close();
  console.log(`ok: ${name}`);
}

function focusedClass(page) {
  return page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? "");
}
