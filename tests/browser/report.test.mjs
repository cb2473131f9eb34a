// SPDX-License-Identifier: MIT
// The HTML report as people use it.  usage: report.test.mjs PLAIN HOSTILE
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [plain, hostile] = process.argv.slice(2).map((f) => pathToFileURL(f).href);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync"],
});

// Open a page; whatever it complains about or asks the network for is kept.
async function open(url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 }, ...options,
  });
  const page = await context.newPage();
  page.troubles = [];
  page.on("console", (m) => page.troubles.push(`console: ${m.text()}`));
  page.on("pageerror", (e) => page.troubles.push(`error: ${e.message}`));
  page.on("dialog", (d) => { page.troubles.push("dialog"); d.dismiss(); });
  page.on("request", (r) => {
    if (r.url() !== url) page.troubles.push(`request: ${r.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  if (options.javaScriptEnabled !== false) {
    await page.waitForSelector("html[data-ready]", { state: "attached" });
  }
  return page;
}

// Share of a canvas's pixels that something was drawn on.
const inked = (page, id) => page.$eval(`#${id}`, (canvas) => {
  const { data } = canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height);
  let n = 0;
  for (let i = 3; i < data.length; i += 4) n += data[i] > 0;
  return n / (data.length / 4);
});

const column = (page, table, i) => page.$$eval(
  `#${table} tbody tr:not([hidden])`,
  (rows, k) => rows.map((row) => row.cells[k].textContent), i);

const domains = "table-domains-outbound";

const tests = {
  async "charts are drawn, nothing is asked of the network"() {
    const page = await open(plain);
    for (const id of ["stacked-outbound", "rate-outbound",
      "stacked-inbound", "rate-inbound"]) {
      assert.ok(await inked(page, id) > 0.01, `${id} is empty`);
    }
    assert.deepEqual(page.troubles, []);
  },

  async "no width scrolls sideways, light and dark"() {
    for (const width of [390, 768, 1440]) {
      for (const colorScheme of ["light", "dark"]) {
        for (const url of [plain, hostile]) {
          const page = await open(url,
            { viewport: { width, height: 900 }, colorScheme });
          const wide = await page.evaluate(
            () => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${wide} px too wide at ${width} px`);
          await page.context().close();
        }
      }
    }
  },

  async "dark is dark"() {
    const lightness = async (colorScheme) => {
      const page = await open(plain, { colorScheme });
      const rgb = await page.evaluate(
        () => getComputedStyle(document.body).backgroundColor);
      return Number(rgb.match(/\d+/)[0]);
    };
    assert.ok(await lightness("light") > 200);
    assert.ok(await lightness("dark") < 60);
  },

  async "tables sort by number and by text, by mouse and by keyboard"() {
    const page = await open(plain);
    const head = page.locator(`#${domains} thead th`);
    await head.nth(1).locator("button").click();
    let numbers = (await column(page, domains, 1))
      .map((text) => Number(text.replaceAll(",", "")));
    assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));
    assert.equal(await head.nth(1).getAttribute("aria-sort"), "descending");
    await head.nth(1).locator("button").press("Enter");
    numbers = (await column(page, domains, 1))
      .map((text) => Number(text.replaceAll(",", "")));
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
    await head.nth(0).locator("button").press("Space");
    const names = await column(page, domains, 0);
    assert.deepEqual(names, [...names].sort());
    assert.equal(await page.locator("th[aria-sort]").count(), 1);
  },

  async "tables filter and unfold"() {
    const page = await open(plain);
    assert.equal((await column(page, domains, 0)).length, 10);
    const tools = page.locator(`.tools:has(+ .table #${domains})`);
    await tools.locator("input").fill("DOMAIN17");
    assert.deepEqual(await column(page, domains, 0), ["domain17.example"]);
    assert.equal(await tools.locator("output").textContent(), "1 of 30 rows");
    await tools.locator("input").fill("");
    await page.locator(`.table:has(#${domains}) + .expand`).click();
    assert.equal((await column(page, domains, 0)).length, 30);
  },

  async "causes unfold with the keyboard"() {
    const page = await open(plain);
    const cause = page.locator(".causes details").first();
    await cause.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.equal(await cause.evaluate((d) => d.open), true);
    assert.ok(await cause.locator(".fold").isVisible());
  },

  async "everything stands there without script"() {
    const page = await open(plain, { javaScriptEnabled: false });
    assert.equal(await page.locator(`#${domains} tbody tr`).count(), 30);
    assert.ok(await page.locator(`#${domains} tbody tr`).last().isVisible());
    assert.equal(await page.locator("figure.chart").first().isVisible(), false);
    assert.ok(await page.locator("#verdict .alarm").first().isVisible());
    assert.deepEqual(page.troubles, []);
  },

  async "prints"() {
    const page = await open(plain, { colorScheme: "dark" });
    const pdf = await page.pdf({ format: "A4" });
    assert.ok(pdf.length > 20000);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".contents").isVisible(), false);
    assert.equal(await page.evaluate(
      () => getComputedStyle(document.body).backgroundColor),
    "rgb(255, 255, 255)");
  },

  async "hostile text is inert"() {
    const page = await open(hostile);
    assert.deepEqual(page.troubles, []);
    assert.equal(await page.evaluate(() => typeof window.pwned), "undefined");
    assert.equal(await page.locator("img, iframe, object").count(), 0);
    assert.equal(await page.locator("script").count(), 3);
    assert.equal(await page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) =>
        [...element.attributes].some((a) => /^on/.test(a.name))).length), 0);
    const text = await page.locator(`#${domains} tbody`).textContent();
    assert.ok(text.includes('"><img src=x onerror="pwned=1">'));
    assert.ok(text.includes("\\x1b\\u{202e}"));
    for (const summary of await page.locator("summary").all()) {
      await summary.click();
    }
    assert.equal(await page.evaluate(() => typeof window.pwned), "undefined");
    assert.deepEqual(page.troubles, []);
  },

  async "the policy stops script that got in"() {
    const page = await open(plain);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.pwned = 1";
      document.body.append(script);
    });
    assert.equal(await page.evaluate(() => typeof window.pwned), "undefined");
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}
await browser.close();
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
