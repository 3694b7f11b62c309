// What a real browser makes of a page, on a phone and on a screen, light and dark, and on paper: one JSON object.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.NODE_PATH + "/");
const { chromium } = require("playwright-core");

// In the page: every text whose colour is too close to what is behind it (WCAG 2's ratio of 4.5).
function tooFaint() {
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) =>
    [r, g, b]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.add(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...faint];
}

const folder = mkdtempSync(join(tmpdir(), "checker-page-"));
const file = join(folder, "report.html");
writeFileSync(file, readFileSync(process.argv[2]));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  timeout: 120_000,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const seen = { said: [], requests: [], dialogs: [], views: [] };
try {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1200]) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      page.on("console", (message) => seen.said.push(message.text()));
      page.on("pageerror", (error) => seen.said.push(String(error)));
      page.on("dialog", (dialog) => (seen.dialogs.push(dialog.message()), dialog.dismiss()));
      page.on("request", (request) => seen.requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      const view = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        background: getComputedStyle(document.body).backgroundColor,
        first: document.body.innerText.trim().split("\n").slice(0, 12),
      }));
      await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
      const unfolded = await page.evaluate(() => document.documentElement.scrollWidth);
      const faint = await page.evaluate(tooFaint);
      seen.views.push({ colorScheme, width, ...view, unfolded, faint });
      await page.close();
    }
  }
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  seen.page = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1,h2,h3")].map((heading) => heading.tagName),
    foreign: document.querySelectorAll("script,img,iframe,object,embed,link,form,a,[onerror],[onload],[style]").length,
    folds: [...document.querySelectorAll(".check")].map((check) => check.open),
    badges: [...document.querySelectorAll(".check .badge")].map((badge) => badge.textContent),
    marks: [...document.querySelectorAll("mark")].map((mark) => mark.textContent),
    text: document.body.textContent,
  }));
  // A keyboard reaches the folds in order and opens them.
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => document.activeElement.tagName);
  const state = () => page.evaluate(() => document.activeElement.parentElement.open);
  const before = await state();
  await page.keyboard.press("Enter");
  const after = await state();
  await page.keyboard.press("Enter");
  seen.keyboard = { focused, before, after, again: await state() };
  // On paper every check is unfolded, whatever was folded on the screen, and the ground is white.
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = false)));
  const shown = () => page.evaluate(() => [...document.querySelectorAll(".check .inside")].filter((inside) =>
    inside.getBoundingClientRect().height > 0 && inside.checkVisibility({ contentVisibilityAuto: true })).length);
  const folded = await shown();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const printed = await shown();
  const ground = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--ground"));
  const pdf = await page.pdf({ format: "A4" });
  seen.paper = { folded, printed, ground: ground.trim(), kind: pdf.subarray(0, 5).toString(), bytes: pdf.length };
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
console.log(JSON.stringify(seen));
