// In:  the address of a running Daogou with the demo shop: node proposal.mjs http://127.0.0.1:8080
//      CHROMIUM (browser), SHOTS (directory for screenshots, none without it).
// Out: one line a check of the proposal card, with recorded conversations, since what it is about would change the shop's orders;
//      exit code 0 when all hold.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { launch, openPage } from "./browser.mjs";
import { openByKeyboard, type } from "./chat.mjs";
import { sound } from "./sound.mjs";
import { play } from "./transcript.mjs";

const TALKS = {
  "en-US": {
    transcript: "orders-en", asks: ["cancel order #W2048", "exchange the boots for size 42", "no, size 43", "send it to River Road"], title: "Cancel the order",
    before: /^Please confirm\. Nothing changes until you do\. Valid until ([A-Z][a-z]{2} \d{1,2}, )?\d\d:\d\d\.$/, working: "Working on it…", done: "Done Reference A-7F3K2",
    replaced: "Replaced by a newer proposal", declined: "Declined", refused: "Not possible, nothing changed", expired: "Expired, nothing changed",
    refund: "RefundS$99.90to Visa ending 1234, in 5 to 7 business days", person: "A person has been called",
  },
  "zh-CN": {
    transcript: "orders-zh", asks: ["取消订单 #W2048", "鞋子换成 42 码", "还是 43 码吧", "改寄到江宁路"], title: "取消订单",
    before: /^请您确认，确认前不会做任何改动。(\d{1,2}月\d{1,2}日 )?\d\d:\d\d 前有效。$/, working: "正在办理…", done: "已办好 编号 A-7F3K2",
    replaced: "已改为新的方案", declined: "未办理", refused: "办不了，没有改动", expired: "已过期，没有改动",
    refund: "退款S$99.90退回尾号 1234 的 Visa 卡，5 到 7 个工作日到账", person: "已转人工",
  },
};

const card = (page, at) => page.locator("daogou-chat .proposal").nth(at);
const stands = (page, at, state) => page.locator("daogou-chat .proposal").nth(at).and(page.locator(`[data-state=${state}]`)).waitFor();
const focused = (page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? "");
const texts = (page) => page.locator("daogou-chat .proposal, daogou-chat .outcome").evaluateAll((all) => all.map((one) => one.innerText));
const flat = (text) => text.replace(/\s+/g, " ").trim();

const base = process.argv[2];
if (!base) {
  console.error("usage: node proposal.mjs BASE_URL");
  process.exit(2);
}
const shots = process.env.SHOTS;
if (shots) await mkdir(shots, { recursive: true });

const browser = await launch();
try {
  for (const locale of Object.keys(TALKS)) {
    for (const width of [390, 1280]) for (const colorScheme of ["light", "dark"]) await talk({ viewport: { width, height: 860 }, colorScheme, locale });
    await expires(locale);
    await sentOnce(locale);
  }
  console.log("all checks hold");
} catch (error) {
  console.error(`FAIL: ${error.stack}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

/** From the first proposal to the person, by keyboard alone. */
async function talk(options) {
  const { locale, viewport, colorScheme } = options;
  const words = TALKS[locale];
  const { context, page, played, troubles } = await open({ ...options, reducedMotion: "reduce" }, words);
  const name = `${locale.slice(0, 2)}-${viewport.width}-${colorScheme}`;
  const save = async (what) => {
    await sound(page, `${name} ${what}`);
    if (shots) await page.screenshot({ path: `${shots}/proposal-${what}-${name}.png`, animations: "disabled" });
  };

  await type(page, words.asks[0]);
  await stands(page, 0, "open");
  const first = card(page, 0);
  assert.equal(await first.locator("h3").textContent(), words.title);
  assert.match(await first.locator(".proposal-foot p").textContent(), words.before);
  assert.equal(await first.locator(".changes li").count(), 2);
  assert.equal(await first.locator(".refund").textContent(), words.refund);
  assert.match(await focused(page), /input/, "a proposal takes the cursor away");
  assert.deepEqual(await named(page, words.title), ["group"], "the card is no named group");
  await save("open");

  await onto(page, "confirm");
  played.hold = true;
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await stands(page, 0, "confirm");
  assert.equal(await first.locator(".proposal-foot p").textContent(), words.working);
  assert.deepEqual(await first.locator("button").evaluateAll((all) => all.map((one) => one.getAttribute("aria-disabled"))), ["true", "true"]);
  assert.match(await focused(page), /solid/, "pressing the button loses the focus");
  await first.locator("button").last().click({ force: true });
  assert.deepEqual(played.said.slice(1).map(({ action }) => action), ["confirm"], "a button was pressed more than once");
  await onto(page, "decline");
  await save("confirming");
  played.hold = false;
  played.flow();
  await stands(page, 0, "done");
  assert.equal(await first.locator(".verdict").innerText().then(flat), words.done);
  assert.match(await focused(page), /proposal/, "the outcome loses the focus");
  assert.equal(await page.locator("daogou-chat .outcome .verdict").innerText().then(flat), words.done);
  await save("done");

  await page.locator("daogou-chat .input").focus();
  await type(page, words.asks[1]);
  await stands(page, 1, "open");
  await type(page, words.asks[2]);
  await stands(page, 1, "replaced");
  await stands(page, 2, "open");
  await save("replaced");
  await onto(page, "decline");
  await page.keyboard.press("Space");
  await stands(page, 2, "declined");
  await page.locator("daogou-chat .input").focus();
  await type(page, words.asks[3]);
  await stands(page, 3, "open");
  await onto(page, "confirm");
  await page.keyboard.press("Enter");
  await stands(page, 3, "refused");
  assert.equal(await page.locator("daogou-chat .handover").textContent(), words.person);
  await save("refused");
  assert.ok(played.finished(), "the conversation is not at its end");

  const shown = await texts(page);
  const verdicts = await page.locator("daogou-chat .proposal .verdict").evaluateAll((all) => all.map((one) => one.innerText));
  assert.deepEqual(verdicts.map(flat), [words.done, words.replaced, words.declined, words.refused]);
  await page.reload({ waitUntil: "domcontentloaded" });
  await stands(page, 3, "refused");
  assert.deepEqual(await texts(page), shown, "a reload shows something else");
  assert.equal(await page.locator("daogou-chat .handover").textContent(), words.person);
  assert.equal(await page.locator("daogou-chat .proposal button").count(), 0, "a button is left");
  assert.deepEqual(troubles, [], "the page raised errors");
  await context.close();
  console.log(`ok: ${name}`);
}

/** Left alone, a proposal says so when its time is over, and says so to a screen reader. */
async function expires(locale) {
  const words = TALKS[locale];
  const { context, page } = await open({ locale }, words, (page) => page.clock.install());
  await type(page, words.asks[0]);
  await stands(page, 0, "open");
  await page.clock.fastForward("15:01");
  await stands(page, 0, "expired");
  assert.equal(await card(page, 0).locator(".proposal-foot[aria-live=polite]").innerText(), words.expired);
  assert.equal(await card(page, 0).locator("button").count(), 0);
  await context.close();
  console.log(`ok: ${locale} expires`);
}

/** A button pressed as the page is left is pressed once, whatever is sent again. */
async function sentOnce(locale) {
  const words = TALKS[locale];
  const { context, page, played } = await open({ locale }, words);
  await type(page, words.asks[0]);
  await stands(page, 0, "open");
  await page.evaluate(() => {
    WebSocket.prototype.send = () => {}; // the network takes it and loses it
  });
  await card(page, 0).locator("button").first().click();
  await stands(page, 0, "confirm");
  assert.equal(played.said.length, 1);
  await page.reload({ waitUntil: "domcontentloaded" });
  await stands(page, 0, "done");
  assert.deepEqual(played.said.slice(1).map(({ action, value }) => [action, value]), [["confirm", "p1"]]);
  assert.equal(await page.locator("daogou-chat .message.mine").count(), 2, "the answer stands there more than once");
  await context.close();
  console.log(`ok: ${locale} sent once`);
}

async function open(options, { transcript }, before = () => {}) {
  let played;
  const opened = await openPage(browser, base, options, async (context, page) => {
    played = await play(context, transcript);
    await before(page);
  });
  await openByKeyboard(opened.page);
  return { ...opened, played };
}

/** Steps back from the input with Shift+Tab, or on with Tab, until the focus is on the button. */
async function onto(page, value) {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.value)) === value) return;
    await page.keyboard.press(value === "decline" && /solid/.test(await focused(page)) ? "Tab" : "Shift+Tab");
  }
  assert.fail(`"${value}" is never reached with Tab`);
}

/** Roles of what the accessibility tree calls `name`, headings and texts apart. */
async function named(page, name) {
  const line = await page.context().newCDPSession(page);
  const { nodes } = await line.send("Accessibility.getFullAXTree");
  await line.detach();
  return nodes.filter((node) => !node.ignored && node.name?.value === name).map((node) => node.role.value).filter((role) => role === "group");
}
