// Opens pages of recip in headless Chromium and says all that is wrong with them, a line each:
//   node proof.mjs CHROMIUM FOLDER PAGE...
// A page is opened at three widths, light or dark, and printed on two papers. What was seen goes to FOLDER, where that is not ''.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { views } from "./views.mjs";

const [chromium, folder, ...pages] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// Millimetres of paper and margin (as the page's @page says), in pixels of CSS.
const PAPERS = { a4: 210, letter: 215.9 };
const px = (mm) => Math.round(((mm - 32) / 25.4) * 96);

/** What can be measured of a page as it lies. */
function measured() {
  const faults = [];
  const name = (e) => `<${e.tagName.toLowerCase()}> "${(e.textContent || "").trim().slice(0, 40)}"`;
  const shown = (e) => e.checkVisibility();
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
  for (const e of document.querySelectorAll("body *:not(svg *)")) {
    if (!shown(e)) continue;
    const box = e.getBoundingClientRect();
    const around = e.parentElement.getBoundingClientRect();
    if (box.width && (box.left < around.left - 1 || box.right > around.right + 1)) faults.push(`${name(e)} is wider than what holds it`);
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline") faults.push(`${name(e)} overflows`);
  }
  for (const svg of document.querySelectorAll("svg")) {
    if (!shown(svg)) continue;
    const all = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].map((e) => ({ e, box: e.getBoundingClientRect() }));
    texts.forEach(({ e, box }, n) => {
      if (box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1)
        faults.push(`${name(e)} leaves the picture`);
      for (const other of texts.slice(0, n)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // The box of a text is a little higher than its letters.
        if (across > 0 && down > 0.25 * Math.min(box.height, other.box.height)) faults.push(`${name(e)} runs into ${name(other.e)}`);
      }
    });
  }
  for (const a of document.querySelectorAll('a[href^="#"]')) {
    if (!document.getElementById(a.getAttribute("href").slice(1))) faults.push(`${a.getAttribute("href")} leads nowhere`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of ids.filter((id, n) => ids.indexOf(id) !== n)) faults.push(`the id ${id} is given twice`);
  const notes = new Set([...document.querySelectorAll("sup.notes a")].map((a) => a.hash));
  for (const li of document.querySelectorAll(".sources li")) {
    if (!notes.has(`#${li.id}`)) faults.push(`nothing cites ${li.id}`);
    if (!li.querySelector('a[href^="#action-"]')) faults.push(`${li.id} has no way back`);
  }
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((h) => +h.tagName[1]);
  if (levels.filter((l) => l === 1).length !== 1 || levels[0] !== 1) faults.push("there is not one h1, first");
  levels.forEach((l, n) => n && l > levels[n - 1] + 1 && faults.push(`a heading of level ${l} follows one of ${levels[n - 1]}`));
  return faults;
}

const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"], headless: true });
let faults = 0;
const tell = (file, where, fault) => {
  faults += 1;
  console.log(`${basename(file)}, ${where}: ${fault}`);
};
for (const file of pages) {
  const url = pathToFileURL(file).href;
  const page = await browser.newPage();
  let where = "opened";
  page.on("console", (m) => tell(file, where, `console: ${m.text()}`));
  page.on("pageerror", (e) => tell(file, where, `error: ${e.message}`));
  page.on("request", (r) => r.url() !== url && tell(file, where, `asks for ${r.url()}`));
  const name = basename(file).replace(/\..*/, "");
  for (const { width, scheme, audited } of views(360, 768, 1280)) {
    where = `${width} wide, ${scheme}`;
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(url);
    for (const fault of await page.evaluate(measured)) tell(file, where, fault);
    if (folder) await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true });
    if (!audited) continue;
    await page.evaluate(axe);
    const audit = await page.evaluate(() => axe.run());
    for (const v of audit.violations.filter((v) => ["serious", "critical"].includes(v.impact)))
      tell(file, where, `${v.id} (${v.impact}): ${v.help}: ${v.nodes[0].html.slice(0, 120)}`);
    if (!audit.passes.some((p) => p.id === "color-contrast")) tell(file, where, "the audit saw no contrast");
  }
  await page.emulateMediaType("print");
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  for (const [paper, mm] of Object.entries(PAPERS)) {
    where = paper;
    // As wide as the paper between its margins: what is cut there would be cut on it.
    await page.setViewport({ width: px(mm), height: 1000 });
    await page.goto(url);
    for (const fault of await page.evaluate(measured)) tell(file, where, fault);
    const pdf = await page.pdf({ format: paper, printBackground: true });
    if (folder) writeFileSync(`${folder}/${name}-${paper}.pdf`, pdf);
    if (!Buffer.from(pdf).subarray(0, 5).equals(Buffer.from("%PDF-"))) tell(file, where, "it does not print");
  }
  await page.close();
}
await browser.close();
console.log(`${pages.length} pages, ${faults} faults`);
process.exit(faults ? 1 : 0);
