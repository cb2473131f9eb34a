// SPDX-License-Identifier: MIT
// The HTML report as people use it.
// usage: report.test.mjs DIR, which holds plain.html, hostile.html, large.html,
// compared.html, and for mail programs plain-mail.html and hostile-mail.html
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [dir] = process.argv.slice(2);
const [plain, hostile, large, compared, plainMail, hostileMail] =
  ["plain", "hostile", "large", "compared", "plain-mail", "hostile-mail"]
    .map((name) => pathToFileURL(`${dir}/${name}.html`).href);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync"],
});

const WIDTHS = [390, 768, 1440];
const SCHEMES = ["light", "dark"];
const pages = [];

// Open a page; whatever it complains about or asks the network for is kept and
// looked at when its test ends.
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
    if (r.url().split("#")[0] !== url) page.troubles.push(`request: ${r.url()}`);
  });
  pages.push(page);
  await page.goto(url, { waitUntil: "load" });
  if (options.javaScriptEnabled !== false && !url.includes("-mail")) {
    await page.waitForSelector("html[data-ready]", { state: "attached" });
  }
  return page;
}

async function closeAll() {
  const troubles = pages.flatMap((page) => page.troubles);
  while (pages.length > 0) await pages.pop().context().close();
  return troubles;
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

const wider = (page) => page.evaluate(
  () => document.documentElement.scrollWidth - innerWidth);

const openAll = (page) => page.evaluate(() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});

// Texts whose contrast is below WCAG 2.1's AA (1.4.3), each as a line.
const pale = (page) => page.evaluate(() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, below) =>
    top.rgb.map((v, i) => v * top.a + below[i] * (1 - top.a));
  const behind = (element) => {
    const own = parse(getComputedStyle(element).backgroundColor);
    if (own.a === 1) return own.rgb;
    const below = element.parentElement ? behind(element.parentElement)
      : [255, 255, 255];
    return over(own, below);
  };
  const bars = (element) => {
    const bar = element.closest("td.barred")?.querySelector("svg.bar rect");
    return bar ? [parse(getComputedStyle(bar).fill).rgb] : [];
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" ||
        element.closest("script, style, .skip, #brief > h2") ||
        !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700)
      ? 3 : 4.5;
    for (const below of [behind(element), ...bars(element)]) {
      const ink = over(parse(style.color), below);
      const [a, b] = [light(ink), light(below)].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < least) {
        found.add(`${ratio.toFixed(2)} ${element.tagName}.${element.className}` +
          ` "${walker.currentNode.data.trim().slice(0, 30)}"`);
      }
    }
  }
  return [...found];
});

const domains = "table-domains-outbound";
const providers = "table-providers-outbound";

const tests = {
  async "charts are drawn"() {
    const page = await open(plain);
    for (const way of ["outbound", "inbound"]) {
      for (const kind of ["failures", "mail", "stacked"]) {
        assert.ok(await inked(page, `${kind}-${way}`) > 0.01,
          `${kind}-${way} is empty`);
      }
    }
  },

  async "no width scrolls sideways, light and dark"() {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        for (const url of [plain, hostile]) {
          const page = await open(url,
            { viewport: { width, height: 900 }, colorScheme });
          assert.ok(await wider(page) <= 0, `too wide at ${width} px`);
          await openAll(page);
          assert.ok(await wider(page) <= 0, `too wide unfolded at ${width} px`);
        }
      }
    }
  },

  async "contrast is enough, light and dark"() {
    for (const colorScheme of SCHEMES) {
      const page = await open(plain, { colorScheme });
      await openAll(page);
      assert.deepEqual(await pale(page), [], colorScheme);
      await page.locator("#heat-outbound td.heat button").first().click();
      assert.deepEqual(await pale(page), [], `${colorScheme}, narrowed`);
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

  async "five answers stand at the top"() {
    const page = await open(plain);
    const texts = await page.locator(".answers dt").allTextContents();
    assert.deepEqual(texts.map((text) =>
      text.replace(/ (Act|Watch|Fine|Not known)$/, "")),
      ["Do first", "Block lists", "Refused by", "DNS", "Since last week"]);
    assert.match(await page.locator(".answers dd").nth(1).textContent(),
      /192\.0\.2\.10 is on zen\.spamhaus\.org since 2025-11-22/);
    for (const date of await page.locator(".answers .whole").all()) {
      assert.match(await date.textContent(), /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
      const box = await date.evaluate((span) => span.getClientRects().length);
      assert.equal(box, 1, "a date is torn");
    }
    for (const link of await page.locator(".answers a").all()) {
      const id = (await link.getAttribute("href")).slice(1);
      assert.equal(await page.locator(`#${id}`).count(), 1, id);
    }
  },

  async "a listing begins where the finding says, not with one before it"() {
    const page = await open(large);
    assert.match(await page.locator(".answers dd").nth(1).textContent(),
      /192\.0\.2\.10 is on zen\.spamhaus\.org since 2025-11-22 10:01 \(108 /);
    assert.match(await page.locator("#table-blocklists tbody tr").first()
      .textContent(), /2025-11-22 10:01/);
  },

  async "findings are ranked, the first is open, others unfold"() {
    const page = await open(plain);
    const first = page.locator("#finding-1 details.finding");
    assert.equal(await first.evaluate((d) => d.open), true);
    assert.match(await first.locator("summary").first().textContent(),
      /192\.0\.2\.10/);
    await first.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    assert.equal(await first.evaluate((d) => d.open), false);
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
    const tools = page.locator(`#${domains} .tools`);
    await tools.locator("input").fill("DOMAIN17");
    assert.deepEqual(await column(page, domains, 0), ["domain17.example"]);
    assert.equal(await tools.locator("output").textContent(), "1 of 30 rows");
    await tools.locator("input").fill("");
    await page.locator(`.table:has(#${domains}) + .expand`).click();
    assert.equal((await column(page, domains, 0)).length, 30);
  },

  async "a click on a cause and a provider narrows what is below"() {
    const page = await open(plain);
    const cell = page.locator("#heat-outbound td.heat button").first();
    const attempts = await cell.textContent();
    await cell.click();
    assert.equal(await cell.getAttribute("aria-pressed"), "true");
    assert.equal((await column(page, providers, 0)).length, 1);
    const sum = page.locator(`#${providers} tbody tr:not([hidden]) td.sum`);
    assert.equal(await sum.textContent(), attempts);
    const rows = page.locator(`#${domains} tbody tr`);
    const sums = await rows.evaluateAll((all) =>
      all.filter((row) => !row.isNarrowedOut)
        .map((row) => Number(row.querySelector("td.sum").textContent)));
    assert.equal(sums.length, 10, "one in three domains is this provider's");
    assert.equal(sums.reduce((a, b) => a + b),
      Number(attempts.replaceAll(",", "")));
    assert.ok(await page.locator(".narrowed").isVisible());
    assert.equal(await page.locator(
      ".way.outbound .causes > li:not([hidden])").count(), 1);
    assert.equal(await page.locator(
      ".way.inbound .causes > li[hidden]").count(), 0, "inbound is untouched");
    await page.locator(".narrowed button").click();
    assert.equal(await page.locator("td.sum, th.sum, .narrow-note").count(), 0);
    assert.equal(await page.locator(".narrowed").isVisible(), false);
  },

  async "narrowing goes by keyboard, from heads, and Escape ends it"() {
    const page = await open(plain);
    const provider = page.locator("#heat-outbound thead th.place button").first();
    await provider.focus();
    await page.keyboard.press("Enter");
    assert.equal((await column(page, providers, 0)).length, 1);
    await page.keyboard.press("Escape");
    assert.equal((await column(page, providers, 0)).length, 3);
    const cause = page.locator("#heat-outbound tbody th button").last();
    await cause.press("Space");
    assert.equal(await page.locator(
      ".way.outbound .causes > li:not([hidden])").count(), 1);
    await cause.press("Space");
    assert.equal(await page.locator(".causes > li[hidden]").count(), 0);
    const item = page.locator(".way.outbound .causes > li").nth(1);
    await item.locator("summary").click();
    await item.locator(".narrow-button").click();
    assert.equal(await page.locator(
      ".way.outbound .causes > li:not([hidden])").count(), 1);
  },

  async "one direction can be hidden"() {
    const page = await open(plain);
    const part = page.locator(`.way:has(#${domains})`);
    await page.getByRole("button", { name: "Show inbound" }).click();
    assert.equal(await part.isVisible(), false);
    await page.getByRole("button", { name: "Show outbound" }).click();
    assert.equal(await part.isVisible(), true);
    assert.equal(await page.locator("#mail-inbound").isVisible(), false);
  },

  async "causes unfold with the keyboard"() {
    const page = await open(plain);
    const cause = page.locator(".causes details").first();
    await cause.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.equal(await cause.evaluate((d) => d.open), true);
    assert.ok(await cause.locator(".fold").isVisible());
  },

  async "the keyboard reaches everything, and is seen where it is"() {
    const page = await open(plain);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className),
      "skip");
    const reached = new Set();
    let unseen = 0;
    for (let i = 0; i < 2000; i++) {
      const [n, isSeen] = await page.evaluate(() => {
        const all = [...document.querySelectorAll("*")];
        const style = getComputedStyle(document.activeElement);
        return [all.indexOf(document.activeElement),
          document.activeElement === document.body || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1];
      });
      if (reached.has(n) || n < 0) break;
      reached.add(n);
      unseen += !isSeen;
      await page.keyboard.press("Tab");
    }
    assert.equal(unseen, 0, "no focus ring");
    const missed = await page.evaluate((seen) => {
      const all = [...document.querySelectorAll("*")];
      return all.filter((element, i) => element.matches(
        "a[href], button, input, summary, [tabindex='0']") &&
        element.checkVisibility() && !seen.includes(i))
        .map((element) => element.outerHTML.slice(0, 80));
    }, [...reached]);
    assert.deepEqual(missed, []);
  },

  async "a screen reader finds names, headings and captions"() {
    const page = await open(plain);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("a, button, input, canvas, summary")]
        .filter((element) => (element.getAttribute("aria-label") ??
          element.textContent).trim() === "")
        .map((element) => element.outerHTML.slice(0, 80)));
    assert.deepEqual(nameless, []);
    const levels = await page.$$eval("h1, h2, h3, h4",
      (heads) => heads.map((head) => Number(head.tagName[1])));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.forEach((level, i) => assert.ok(
      i === 0 || level - levels[i - 1] <= 1, "a level is skipped"));
    assert.equal(await page.locator("table:not(:has(caption))").count(), 0);
    assert.equal(await page.locator("th:not([scope])").count(), 0);
    assert.equal(await page.evaluate(() => {
      const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
      return ids.length - new Set(ids).size;
    }), 0, "an id stands twice");
  },

  async "everything stands there without script"() {
    const page = await open(plain, { javaScriptEnabled: false });
    assert.equal(await page.locator(`#${domains} tbody tr`).count(), 30);
    assert.ok(await page.locator(`#${domains} tbody tr`).last().isVisible());
    assert.equal(await page.locator("figure.chart").first().isVisible(), false);
    assert.ok(await page.locator("#heat-outbound td.heat").first().isVisible());
    assert.ok(await page.locator("#finding-1").isVisible());
    assert.ok(await page.locator(".answers .act").first().isVisible());
    assert.equal(await page.locator("button, input").count(), 0);
  },

  async "prints findings unfolded, in dark on white too"() {
    const page = await open(large, { colorScheme: "dark" });
    const onScreen = await page.locator("#heat-outbound td.h6").first()
      .evaluate((cell) => getComputedStyle(cell).backgroundColor);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await page.locator(".contents").isVisible(), false);
    assert.equal(await page.evaluate(
      () => getComputedStyle(document.body).backgroundColor),
    "rgb(255, 255, 255)");
    assert.notEqual(await page.locator("#heat-outbound td.h6").first()
      .evaluate((cell) => getComputedStyle(cell).backgroundColor), onScreen);
    assert.deepEqual(await pale(page), []);
    const steps = page.locator(".open .finding .steps");
    assert.ok(await steps.count() > 0);
    for (const list of await steps.all()) assert.ok(await list.isVisible());
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.ok(await page.locator(".open .finding:not([open])").count() > 0);
  },

  async "prints the first rows of long tables, and says so"() {
    for (const javaScriptEnabled of [true, false]) {
      const page = await open(plain, { javaScriptEnabled });
      await page.emulateMedia({ media: "print" });
      if (javaScriptEnabled) {
        await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      }
      const rows = page.locator(`#${domains} tbody tr:visible`);
      const note = page.locator(`.table:has(#${domains}) ~ .in-print`).first();
      assert.equal(await rows.count(), 15);
      assert.equal(await note.textContent(),
        "The first 15 of 30 rows are printed.");
      assert.ok(await note.isVisible());
    }
  },

  async "a table that was unfolded or filtered prints so"() {
    const page = await open(plain);
    const print = async () => {
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      const n = (await column(page, domains, 0)).length;
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      return n;
    };
    await page.locator(`#${domains} .tools input`).fill("domain2");
    assert.equal(await print(), 11);
    await page.locator(`#${domains} .tools input`).fill("");
    await page.locator(`.table:has(#${domains}) + .expand`).click();
    assert.equal(await print(), 30);
  },

  async "a large site prints to few sheets, with script and without"() {
    for (const javaScriptEnabled of [true, false]) {
      const page = await open(large, { javaScriptEnabled });
      const pdf = await page.pdf({ format: "A4" });
      const sheets =
        (pdf.toString("latin1").match(/\/Type \/Page\b/g) ?? []).length;
      assert.ok(sheets > 3 && sheets <= 15, `${sheets} sheets`);
    }
  },

  async "a page compared with another period shows what changed"() {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        const page = await open(compared,
          { viewport: { width, height: 900 }, colorScheme });
        await openAll(page);
        assert.ok(await wider(page) <= 0, `too wide at ${width} px`);
        assert.deepEqual(await pale(page), []);
      }
    }
    const page = await open(compared);
    assert.match(await page.locator("header .compared").textContent(),
      /^Compared with 2025-11-13 00:00 to 2025-11-22 00:00 UTC\. Outbound/);
    const cause = page.locator(".way.outbound .causes .amount")
      .filter({ hasText: "(+" }).first();
    assert.ok(await cause.isVisible());
    await page.locator("#heat-outbound tbody th button").first().click();
    assert.equal(await cause.locator("i").isVisible(), false,
      "the change is not of what is left");
    const codes = page.locator("#table-codes-outbound");
    const heads = await codes.locator("thead th").allTextContents();
    const at = heads.indexOf("change");
    assert.equal(heads[at - 1], "attempts");
    await codes.locator("thead th").nth(at).locator("button").click();
    const changes = (await column(page, "table-codes-outbound", at))
      .map((text) => Number(text.replaceAll(",", "")));
    assert.deepEqual(changes, [...changes].sort((a, b) => b - a));
    assert.ok(changes[0] > 0);
    const gone = page.locator("details:has(> summary:text('Only in the period before'))");
    assert.ok(await gone.count() > 0, "something was only before");
    for (const fold of await gone.all()) {
      const n = Number((await fold.locator("summary").textContent()).match(/[(](\d+)[)]/)[1]);
      const rows = await fold.locator("tbody tr").allTextContents();
      assert.equal(rows.length, Math.min(n, 40));
      const table = (await fold.locator("table").getAttribute("id")).replace("gone-", "table-");
      const name = await page.locator(`#${table} tbody tr`).allTextContents();
      assert.ok(!rows.some((row) => name.includes(row)));
    }
  },

  async "hostile text is inert"() {
    const page = await open(hostile);
    assert.equal(await page.locator("img, iframe, object").count(), 0);
    assert.equal(await page.locator("script").count(), 3);
    assert.equal(await page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) =>
        [...element.attributes].some((a) => /^on/.test(a.name))).length), 0);
    const text = await page.locator(`#${domains} tbody`).textContent();
    assert.ok(text.includes('"><img src=x onerror="pwned=1">'));
    assert.ok(text.includes("\\x1b\\u{202e}"));
    await openAll(page);
    for (const button of await page.locator(
      "#heat-outbound button, .narrow-button").all()) {
      await button.evaluate((element) => element.click());
    }
    assert.equal(await page.evaluate(() => typeof window.pwned), "undefined");
  },

  async "the policy stops script that got in"() {
    const page = await open(plain);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.pwned = 1";
      document.body.append(script);
    });
    assert.equal(await page.evaluate(() => typeof window.pwned), "undefined");
    assert.equal(page.troubles.length, 1, "the policy's own message");
    page.troubles = [];
  },

  async "the mail is small, plain and inert"() {
    for (const url of [plainMail, hostileMail]) {
      assert.ok(statSync(new URL(url)).size < 100000);
      for (const width of [390, 768]) {
        const page = await open(url, { viewport: { width, height: 900 } });
        assert.ok(await wider(page) <= 0, `too wide at ${width} px`);
        assert.equal(await page.locator(
          "script, style, link, img, iframe, object, form, [class]").count(), 0);
        assert.deepEqual(await pale(page), []);
        assert.equal(await page.evaluate(() => typeof window.pwned), "undefined");
        assert.ok(await page.getByText("What needs attention").isVisible());
      }
    }
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    assert.deepEqual(await closeAll(), []);
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    await closeAll();
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}
await browser.close();
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
