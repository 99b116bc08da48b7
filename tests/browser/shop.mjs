// In:  the address of a running Daogou with the demo shop: node shop.mjs http://127.0.0.1:8080
//      CHROMIUM (browser), SHOTS (a directory for pictures of the pages; none are taken without).
// Out: one line a check of the shop page's menu: what the products state by name narrows them, by keyboard too, is seen in force and can be
//      taken back, at both widths and in both languages. Exit code 0 when all hold.

import assert from "node:assert/strict";
import { openPage, run } from "./browser.mjs";

const SHOPPERS = [
  { locale: "en-SG", width: 1280, query: "suitcase", scheme: "light" },
  { locale: "zh-CN", width: 390, query: "耳机", scheme: "dark" },
];

await run("shop.mjs", async (browser, base) => {
  for (const shopper of SHOPPERS) await narrows(browser, base, shopper);
});

async function narrows(browser, base, { locale, width, query, scheme }) {
  const { context, page, troubles } = await openPage(browser, `${base}/#/s?q=${encodeURIComponent(query)}`, { locale, colorScheme: scheme, viewport: { width, height: 1000 } });
  const lang = locale.slice(0, 2);
  const answer = await (await fetch(new URL(`/v1/search?limit=24&lang=${lang}&q=${encodeURIComponent(query)}`, base))).json();
  const { name, values } = answer.attributes.at(0) ?? assert.fail(`nothing divides ${query}`);
  const open = () => page.locator("details.filters").evaluate((panel) => (panel.open = true));
  const link = page.locator(`a.value[data-filter="attribute ${name} ${values[0].value}"]`);
  await link.waitFor({ state: "attached" });
  await open();
  const section = page.locator(".filter-groups > section").filter({ has: link });
  assert.equal(await section.locator("h2").textContent(), name);
  await shot(page, `${locale}-open`);

  await link.focus();
  await page.keyboard.press("Enter");
  const chip = page.locator(".chips a.chip").filter({ hasText: `${name}: ${values[0].value}` });
  await chip.waitFor();
  const narrowed = Number((await page.locator(".list-head p").innerText()).match(/\d+/)[0]);
  assert.ok(narrowed >= 1 && narrowed < answer.total, `${narrowed} of ${answer.total} are left`);
  await open();
  assert.equal(await link.getAttribute("aria-current"), "true", "the chosen value is not told");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `the page is ${wide} px wide on a screen of ${width}`);
  await shot(page, `${locale}-narrowed`);

  await chip.click();
  await chip.waitFor({ state: "detached" });
  await page.waitForFunction((total) => document.querySelector(".list-head p")?.textContent.includes(total), String(answer.total));
  assert.deepEqual(troubles, []);
  console.log(`ok: "${name}: ${values[0].value}" narrows ${answer.total} to ${narrowed} and back (${locale}, ${width} px)`);
  await context.close();
}

async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/shop-${name}.png`, fullPage: true });
}
