import { launch, openPage } from "./browser.mjs";
const base = process.argv[2];
const browser = await launch();
for (const [name, width, lang, scheme, hash] of [
  ["en1280", 1280, "en-SG", "light", "#/s?category=Bags"], ["zh390", 390, "zh-CN", "dark", "#/s?q=%E8%80%B3%E6%9C%BA"], ["en390", 390, "en-SG", "light", "#/s?q=tent"],
]) {
  const { page, context, troubles } = await openPage(browser, base + "/" + hash, { viewport: { width, height: 1000 }, locale: lang, colorScheme: scheme });
  await page.waitForSelector(".grid, .empty, ul li a", { timeout: 20000 });
  await page.waitForTimeout(1500);
  if (width < 900) await page.locator("details.filters summary").first().click();
  await page.waitForTimeout(300);
  await page.screenshot({ path: `/tmp/shop-${name}.png`, fullPage: width < 900 ? false : true });
  if (name === "en1280") {
    const links = page.locator("a.value[data-filter]");
    const names = await links.evaluateAll((all) => all.map((a) => a.dataset.filter));
    console.log(names.slice(-30).join(" | "));
    await links.last().click();
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `/tmp/shop-${name}-chosen.png` });
    console.log(page.url());
    console.log(await page.locator(".chips").innerText(), "|", await page.locator(".list-head").innerText());
  }
  console.log(name, troubles);
  await context.close();
}
await browser.close();
