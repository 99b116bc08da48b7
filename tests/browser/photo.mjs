// In:  the address of a running Daogou with the demo shop: node photo.mjs http://127.0.0.1:8080
//      CHROMIUM (browser), TURN_MS (longest turn), LOOKED_MS (how long the server may take to look at its pictures).
// Out: one line a check of the widget's photo button: a photo file is chosen, seen before and after it is sent, and finds its product,
//      alone and with words; what is no picture is said to be none. Exit code 0 when all hold.

import assert from "node:assert/strict";
import { openPage, run } from "./browser.mjs";
import { TURN_MS, openByKeyboard } from "./chat.mjs";

const LOOKED_MS = Number(process.env.LOOKED_MS ?? 900_000);
const SHOPPERS = [
  { locale: "en-US", product: "suitcase", button: "Send a photo", words: "like this but under 200", limit: 200 },
  { locale: "zh-CN", product: "帐篷", button: "发照片", words: "200以内的", limit: 200 },
];

await run("photo.mjs", async (browser, base) => {
  await looked(base);
  for (const shopper of SHOPPERS) await findsByPhoto(browser, base, shopper);
});

/** Until photos are compared with all of the products' pictures. */
async function looked(base) {
  const until = Date.now() + LOOKED_MS;
  for (;;) {
    const text = await (await fetch(new URL("/metrics", base))).text();
    const count = (name) => Number(new RegExp(`^${name} (\\d+)`, "m").exec(text)?.[1] ?? NaN);
    const [seen, waiting] = [count("daogou_pictures"), count("daogou_pictures_waiting")];
    if (seen > 0 && waiting === 0) return;
    assert.ok(Date.now() < until, `the server has looked at ${seen} pictures only, ${waiting} wait`);
    await new Promise((done) => setTimeout(done, 2_000));
  }
}

async function findsByPhoto(browser, base, { locale, product, button, words, limit }) {
  const { context, page, troubles } = await openPage(browser, base, { locale });
  const search = new URL(`/v1/search?limit=1&q=${encodeURIComponent(product)}`, base);
  const wanted = (await (await fetch(search)).json()).hits[0];
  const kind = (category) => category.split(" > ").pop();
  const photo = await photographed(page, new URL(wanted.image, base).href);
  await openByKeyboard(page);
  await page.locator("daogou-chat .dot.ready").waitFor();

  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator(`daogou-chat .composer button.icon[aria-label="${button}"]`).click()]);
  await chooser.setFiles({ name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: photo });
  await page.locator("daogou-chat .attachments img").waitFor();
  assert.ok((await page.locator("daogou-chat .composer .input").evaluate((input) => input.getRootNode().activeElement === input)), "the cursor is not in the input");
  await page.keyboard.press("Enter");
  const alone = await replyAt(page, 0);
  assert.equal(await page.locator("daogou-chat .message.mine img.photo").count(), 1, "the photo is not seen in the conversation");
  assert.ok(alone.length > 0, "a photo found nothing");
  const first = await categoryOf(base, alone[0].id);
  assert.equal(kind(first), kind(await categoryOf(base, wanted.id)), `a photo of ${wanted.title} found ${alone[0].title}`);
  console.log(`ok: a photo finds its kind (${locale}): ${alone[0].title}`);

  await page.locator("daogou-chat input[type=file]").setInputFiles({ name: "IMG_0002.jpg", mimeType: "image/jpeg", buffer: photo });
  await page.locator("daogou-chat .attachments img").waitFor();
  await page.locator("daogou-chat .input").focus();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  const worded = await replyAt(page, 1);
  assert.ok(worded.length > 0 && worded.every((card) => card.price <= limit), `cards dearer than ${limit}: ${JSON.stringify(worded)}`);
  console.log(`ok: a photo with "${words}" finds what fits both (${locale})`);

  await page.locator("daogou-chat input[type=file]").setInputFiles({ name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture at all") });
  await page.locator("daogou-chat .attachments .remove").waitFor();
  assert.equal(await page.locator("daogou-chat .attachments img").count(), 0, "a preview of what is no picture");
  await page.locator("daogou-chat .attachments .remove").click();
  await page.locator("daogou-chat .attachments").waitFor({ state: "hidden" });
  console.log(`ok: what is no picture is said to be none (${locale})`);

  await page.reload({ waitUntil: "domcontentloaded" });
  await page.locator("daogou-chat .message.mine img.photo").nth(1).waitFor();
  assert.deepEqual(await replyAt(page, 0), alone, "after a reload the cards are others");
  assert.deepEqual(troubles, [], "the page raised errors");
  await context.close();
}

/** A product's picture as a phone would have it: smaller, on a table, a little turned, as JPEG. */
async function photographed(page, address) {
  const bytes = await page.evaluate(async (address) => {
    const picture = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 900 });
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#f4f1ea";
    brush.fillRect(0, 0, 900, 900);
    brush.translate(450, 450);
    brush.rotate(0.05);
    brush.drawImage(picture, -400, -400, 800, 800);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, address);
  return Buffer.from(bytes);
}

/** The cards of the reply at this place, when its turn has ended. */
async function replyAt(page, at) {
  const reply = page.locator("daogou-chat .reply").nth(at);
  await reply.locator("xpath=self::*[@data-finish!='']").waitFor({ timeout: TURN_MS });
  return reply.locator(".card").evaluateAll((all) => all.map((card) => ({ id: card.dataset.product, price: Number(card.dataset.price), title: card.querySelector(".card-title").textContent })));
}

async function categoryOf(base, id) {
  return (await (await fetch(new URL(`/v1/products/${encodeURIComponent(id)}`, base))).json()).category;
}
