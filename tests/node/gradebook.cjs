// Opens a gradebook in Chromium as a teacher would: `node gradebook.cjs FILE SCREENSHOT SEARCH`.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

(async () => {
  const [file, screenshot, search] = process.argv.slice(2);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const seen = { errors: [], requests: 0, dialogs: 0 };
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, offline: true });
    page.on("console", (message) => { if (message.type() === "error") seen.errors.push(message.text()); });
    page.on("pageerror", (error) => seen.errors.push(String(error)));
    page.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
    page.on("request", () => { seen.requests += 1; });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: screenshot });
    seen.title = await page.title();
    seen.rows = await page.locator("tbody tr").count();
    seen.headings = await page.locator("h1").count();
    seen.scripts = await page.locator("script").count();
    // The numbers of the pages above the table and below it: the current one is no link.
    seen.pages = await page.locator("nav a").count();
    const links = await page.locator("tbody a").evaluateAll((all) => all.map((link) => decodeURIComponent(new URL(link.href).pathname)));
    seen.links = links.filter((link) => fs.existsSync(link) && link.startsWith(path.dirname(file))).length;
    await page.getByRole("button", { name: "Points" }).click();
    seen.sorted = await page.locator("tbody td.number").evaluateAll((all) => all.slice(0, 20).map((cell) => cell.textContent));
    await page.locator("input[type=search]").fill(search);
    seen.found = await page.locator("tbody tr:visible td.name").allTextContents();
    seen.found = seen.found.slice(0, 20).sort();
    await page.screenshot({ path: screenshot.replace(/\.png$/, "-found.png") });
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(seen));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
