// In:  the environment (CHROMIUM: path of the browser). Out: a real Chromium, and contexts whose chat line can be cut.

import { chromium } from "playwright-core";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** Runs a script's `checks(browser, base)` on the address it was given; says which did not hold, and ends with that. */
export async function run(script, checks) {
  const base = process.argv[2];
  if (!base) {
    console.error(`usage: node ${script} BASE_URL`);
    process.exit(2);
  }
  const browser = await launch();
  try {
    await checks(browser, base);
    console.log("all checks hold");
  } catch (error) {
    console.error(`FAIL: ${error.stack}`);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

/** A page on `base`; `troubles` collects uncaught errors; `line` is the chat's WebSocket, which passes through here.
 *  `before` is given context and page while nothing is loaded yet. */
export async function openPage(browser, base, options, before = () => {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const line = openLine();
  await context.routeWebSocket(/\/v1\/chat/, line.route);
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  await before(context, page);
  await page.goto(base, { waitUntil: "domcontentloaded" });
  return { context, page, line, troubles };
}

/** Passes frames both ways. cut() ends every connection and refuses new ones; cutAfter(test) does so once a frame of the page matches. */
function openLine() {
  const open = new Set();
  const said = [];
  let refusing = false;
  let trigger = null;

  function cut() {
    refusing = true;
    for (const socket of open) void socket.close();
    open.clear();
  }

  function route(socket) {
    if (refusing) return void socket.close();
    open.add(socket);
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const frame = typeof data === "string" ? JSON.parse(data) : null;
      if (frame?.type === "say") said.push(frame);
      server.send(data);
      if (frame && trigger?.(frame)) {
        trigger = null;
        cut();
      }
    });
    server.onMessage((data) => open.has(socket) && socket.send(data));
  }

  return { route, cut, said, cutAfter: (test) => (trigger = test), mend: () => (refusing = false) };
}
