// In:  the address of a running Daogou with the demo shop: node spine.mjs http://127.0.0.1:8080
//      CHROMIUM (browser, default /usr/bin/chromium), SHOTS (directory for screenshots, none without it), TURN_MS (longest turn).
// Out: one line a check; exit code 0 when all hold, 1 with the reason when one does not.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { launch, openPage } from "./browser.mjs";
import { TURN_MS, delivered, held, mine, openByKeyboard, replyTo, type } from "./chat.mjs";

const CHINESE = { ask: "想给爸爸买一双防滑的登山鞋，500以内", limit: 500, locale: "zh-CN", words: /[\u4e00-\u9fff]/, wanted: /登山|徒步/ };
const ENGLISH = { ask: "a rain jacket that packs small, under 80", limit: 80, locale: "en-US", words: /[a-z]{3}/i, wanted: /\brain ?(jacket|coat)/i };

const base = process.argv[2];
if (!base) {
  console.error("usage: node spine.mjs BASE_URL");
  process.exit(2);
}

const browser = await launch();
let step = "start";
try {
  const kept = await findsAProduct(CHINESE);
  await findsAProduct(ENGLISH);
  await deliversOnce(ENGLISH);
  if (process.env.SHOTS) await takeShots(process.env.SHOTS, kept);
  check("done");
  console.log("all checks hold");
} catch (error) {
  console.error(`FAIL while ${step}: ${error.message.split("\nCall log")[0]}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

function check(what) {
  if (step !== "start") console.log(`ok: ${step}`);
  step = what;
}

/** Asks by keyboard, sees cards, text and the end of the turn, and sees them again after a reload. → the browser's storage */
async function findsAProduct({ ask, limit, locale, words, wanted }) {
  check(`opening the shop and the chat by keyboard (${locale})`);
  const { context, page, troubles } = await openPage(browser, base, { locale });
  await page.locator("main .tile").first().waitFor();
  await openByKeyboard(page);
  check(`asking "${ask}"`);
  await type(page, ask);
  await delivered(page, ask);
  const reply = await replyTo(page, ask);
  assert.ok(reply.cards.length > 0, "no product card came");
  const dear = reply.cards.filter(({ price }) => !(price > 0 && price <= limit));
  assert.deepEqual(dear, [], `cards that cost more than ${limit}`);
  assert.match(reply.cards[0].title, wanted, "the first card is not what was asked for");
  assert.match(reply.sentences.join(""), words, "no text in the shopper's language came");
  assert.ok(["answered", "asked"].includes(reply.finish), `the turn ended as "${reply.finish}"`);
  check(`finding the conversation again after a reload (${locale})`);
  await page.reload({ waitUntil: "domcontentloaded" });
  assert.deepEqual(await replyTo(page, ask), reply);
  assert.equal(await mine(page, ask).count(), 1, "the message is there more than once");
  assert.deepEqual(await held(page), [], "the message is still held back");
  assert.deepEqual(troubles, [], "the page raised errors");
  const storage = await context.storageState();
  await context.close();
  return storage;
}

/** A message typed without a network, and one whose acknowledgement is lost, both arrive exactly once. */
async function deliversOnce({ locale }) {
  check("keeping a message typed offline");
  const { context, page, line, troubles } = await openPage(browser, base, { locale });
  await openByKeyboard(page);
  await page.locator("daogou-chat .dot.ready").waitFor();
  await context.setOffline(true);
  line.cut();
  await page.locator("daogou-chat .banner").waitFor();
  const offline = "a quiet fan for a small flat";
  await type(page, offline);
  await page.locator("daogou-chat .message.mine.sending", { hasText: offline }).waitFor();
  assert.equal((await held(page)).length, 1, "the message is not kept in storage");
  assert.equal(line.said.length, 0, "the message left while offline");
  check("delivering it when the network is back");
  line.mend();
  await context.setOffline(false);
  await delivered(page, offline);
  await replyTo(page, offline);
  assert.deepEqual(await held(page), [], "the message is still held back");

  check("sending again under the same id when the acknowledgement is lost");
  const lost = "a steel water bottle";
  line.cutAfter((frame) => frame.type === "say" && frame.text === lost);
  await page.locator("daogou-chat .input").focus();
  await type(page, lost);
  await page.locator("daogou-chat .banner").waitFor();
  line.mend();
  await delivered(page, lost);
  await replyTo(page, lost);
  const ids = new Set(line.said.filter((frame) => frame.text === lost).map((frame) => frame.id));
  assert.equal(ids.size, 1, "the message was sent under two ids");
  check("seeing each message exactly once after a reload");
  await page.reload({ waitUntil: "domcontentloaded" });
  for (const text of [offline, lost]) {
    await replyTo(page, text);
    assert.equal(await mine(page, text).count(), 1, `"${text}" was delivered more than once`);
  }
  assert.equal(await page.locator("daogou-chat .reply").count(), 2, "a message was answered more than once");
  assert.deepEqual(troubles, [], "the page raised errors");
  await context.close();
}

/** Home, list, product and the conversation kept in `storage`, at two widths, light and dark. */
async function takeShots(directory, storage) {
  check(`taking screenshots into ${directory}`);
  await mkdir(directory, { recursive: true });
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 860 }]) {
    for (const colorScheme of ["light", "dark"]) {
      const options = { viewport, colorScheme, locale: "zh-CN" };
      const shop = await openPage(browser, base, options);
      const save = (page, name) => page.screenshot({ path: `${directory}/${name}-${viewport.width}-${colorScheme}.png`, animations: "disabled" });
      await settled(shop.page, "main .tile img");
      await save(shop.page, "home");
      const product = await shop.page.locator("main .tile").first().getAttribute("href");
      await shop.page.goto(new URL("#/s?in_stock=1", base).href);
      await settled(shop.page, ".list .tile img");
      await save(shop.page, "list");
      await shop.page.goto(new URL(product, base).href);
      await settled(shop.page, ".product .gallery img");
      await save(shop.page, "product");
      await shop.context.close();
      const chat = await openPage(browser, base, { ...options, storageState: storage });
      await replyTo(chat.page, CHINESE.ask);
      await settled(chat.page, "daogou-chat .card img");
      await save(chat.page, "chat");
      await chat.context.close();
    }
  }
}

/** The pictures in sight are painted and nothing moves any more. */
async function settled(page, pictures) {
  const first = page.locator(pictures).first();
  await first.waitFor({ timeout: TURN_MS });
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity));
  await page.locator(pictures).evaluateAll(async (all) => {
    const seen = all.filter((image) => image.getBoundingClientRect().top < innerHeight && image.getBoundingClientRect().left < innerWidth);
    await Promise.all(seen.map((image) => image.decode().catch(() => null)));
  });
}
