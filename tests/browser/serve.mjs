// Drives the pages of recip serve in headless Chromium and says all that is wrong, a line each:
//   node serve.mjs CHROMIUM FOLDER WRITABLE EXAMPLE
// WRITABLE and EXAMPLE are addresses with their keys: of a ledger that has only candidates, and of one with an example to look at. What
// was seen goes to FOLDER, where that is not ''.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { views } from "./views.mjs";

const [chromium, folder, writable, example] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let faults = 0;
let checks = 0;
const fault = (text) => {
  faults += 1;
  console.log(text);
};
const check = (is, what) => {
  checks += 1;
  if (!is) fault(what);
};
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"], headless: true });

/** A page in a browser of its own, which is let in at this address. */
const enter = async (address, script = true) => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setJavaScriptEnabled(script);
  page.on("console", (m) => m.text().includes("status of 4") || fault(`${page.url()}: console: ${m.text()}`));
  page.on("pageerror", (e) => fault(`${page.url()}: error: ${e.message}`));
  page.on("request", (r) => new URL(r.url()).origin !== new URL(address).origin && fault(`asks for ${r.url()}`));
  await page.goto(address);
  await page.waitForSelector("h1");
  check(!page.url().includes("key="), "the key stays in the address");
  return page;
};
const text = (page) => page.$eval("main", (e) => e.innerText);
const expect = async (page, words) => check((await page.$eval("body", (e) => e.innerText)).includes(words), `${page.url()}: no "${words}"`);
const open = (page, path) => page.goto(new URL(path, page.url()).href);
/** Clicks, and waits for the page that follows. */
const click = async (page, selector) => {
  await Promise.all([page.waitForNavigation(), page.$eval(selector, (e) => e.click())]);
};
const fill = (page, fields) => page.evaluate((fields) => {
  for (const [name, value] of Object.entries(fields)) document.querySelector(`main form [name="${name}"]`).value = value;
}, fields);
const press = async (page, key) => {
  await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
};
/** The whole story, which works with and without the script. */
async function story(page, year) {
  await open(page, "/log");
  await fill(page, { actor: "USA", target: "Russia", kind: "expulsion", count: "35", on: `${year}-12-29`, summary: "35 officials <b>", source: "BBC" });
  await click(page, "main form button");
  await expect(page, "Nothing is written yet");
  await expect(page, "expulsion of 35 persons");
  await click(page, "button.main");
  await expect(page, "Written");
  await open(page, "/log");
  await fill(page, { actor: "RUS", target: "USA", kind: "expulsion", count: "40", on: `${year + 1}-01-10` });
  await click(page, "main form button");
  await click(page, "button.main");
  await expect(page, "Suggested answers");
  // The answer that was suggested.
  await click(page, "button[data-key=a]");
  await expect(page, "was made");
  for (const [path, words] of [
    ["/unanswered/USA/RUS", "40"], ["/balance/USA/RUS", "expulsion"], ["/matrix", "RUS"], ["/timeline/USA/RUS", "35 officials <b>"],
    ["/pair/USA/RUS", "5 persons"], ["/list", "expulsion"], ["/reciprocity/USA/RUS", "acts-received"], ["/", "expulsion"],
  ]) {
    await open(page, path);
    await expect(page, words);
  }
  await open(page, await page.$eval('td a[href^="/action/"]', (e) => e.getAttribute("href")));
  await expect(page, "Chain of answers");
  await open(page, "/history");
  const last = await page.$eval("body", (e) => e.dataset.latest);
  await open(page, `/unanswered?done=${last}`);
  await click(page, "button[data-key=u]");
  await expect(page, `was made: undo ${last}`);
  await open(page, "/unanswered/USA/RUS");
  check((await text(page)).includes("35"), "the undo did not reopen the claim");
  // Rows from a spreadsheet.
  await open(page, "/import");
  await fill(page, { rows: `date,actor,target,kind,count\n${year + 1}-03-26,GBR,RUS,expulsion,23\n${year + 1}-03-27,CAN,RUS,expulsion,4\n` });
  await click(page, "main form button");
  await expect(page, "2 actions and 0 links added");
  await click(page, "button.main");
  await expect(page, "2 actions and 0 links added");
  await click(page, "main button[data-key=u]");
}

const plain = await enter(writable, false);
await story(plain, 2016);

const page = await enter(writable);
await story(page, 2018);
// Two tabs that correct the same action.
const other = await page.browserContext().newPage();
await other.goto(new URL("/action/1", page.url()).href);
await open(page, "/action/1");
await fill(page, { count: "36" });
await click(page, 'form[action="/do/edit"] button');
await click(page, "button.main");
await other.evaluate(() => { document.querySelector('form[action="/do/edit"] [name="count"]').value = "34"; });
await click(other, 'form[action="/do/edit"] button');
await expect(other, "Somebody changed action #1");
for (const words of ["35", "36", "34"]) await expect(other, words);
await other.close();
// Keys: to the candidates, down, dismiss, undo.
await open(page, "/");
await page.keyboard.press("g");
await press(page, "c");
check(page.url().endsWith("/candidates"), "g c does not lead to the candidates");
const first = await page.$eval("tr.at", (e) => e.innerText);
await page.keyboard.press("j");
const second = await page.$eval("tr.at", (e) => e.innerText);
check(first !== second, "j does not go down");
await press(page, "x");
await expect(page, "was made: dismiss");
check(!(await text(page)).includes(second.split("\t").slice(0, 4).join("\t")), "the candidate is still there");
await press(page, "u");
await expect(page, "was made: undo");
await open(page, "/candidates");
await press(page, "a");
await expect(page, "was made: confirm");
await press(page, "u");
await page.keyboard.press("/");
await page.keyboard.type("report unanswered");
await press(page, "Enter");
await expect(page, "Unanswered as of");
await press(page, "n");
check(page.url().endsWith("/log"), "n does not lead to the form");
// News of a change that somebody else makes; the page stays as it is.
await open(page, "/unanswered");
const before = page.url();
await plain.goto(new URL("/log", page.url()).href);
await fill(plain, { actor: "FRA", target: "RUS", kind: "expulsion", count: "4", on: "2018-03-26" });
await click(plain, "main form button");
await click(plain, "button.main");
await page.bringToFront();
await page.waitForSelector("#news:not([hidden])", { timeout: 15_000 });
await expect(page, "1 new change");
check(page.url() === before, "the page was reloaded");

// The slider, and how the pages look.
const look = await enter(example);
await open(look, "/unanswered/USA/RUS");
await Promise.all([
  look.waitForNavigation(),
  look.$eval(".slider input", (e) => {
    e.value = String(Math.round(Date.parse("2017-07-13T00:00:00Z") / 86400000));
    e.dispatchEvent(new Event("input"));
    e.dispatchEvent(new Event("change"));
  }),
]);
check(look.url().includes("as-of=2017-07-13"), `the slider leads to ${look.url()}`);
await expect(look, "196");

function measured() {
  const root = document.documentElement;
  const wide = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest(".scroll, pre, .picture, svg"))
    .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1);
  const faults = wide.slice(0, 3).map((e) => `<${e.tagName.toLowerCase()} class="${e.className}"> reaches beyond the page`);
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
  if (document.querySelectorAll("h1").length !== 1) faults.push("there is not one h1");
  return faults;
}
const paths = ["/", "/unanswered/USA/RUS?as-of=2017-07-13", "/balance", "/matrix?as-of=2017-07-13", "/pending", "/timeline/USA/RUS", "/reciprocity",
  "/pair/USA/RUS?as-of=2017-07-13", "/action/1", "/list", "/suggest?over=0&as-of=2017-07-20", "/candidates", "/history", "/check", "/sql?q=SELECT+*+FROM+party",
  "/sources", "/log", "/answer", "/import", "/keys", "/nowhere"];
for (const path of paths) {
  for (const { width, scheme, audited } of views(360, 800, 1400)) {
    const where = `${path}, ${width} wide, ${scheme}`;
    await look.setViewport({ width, height: 900 });
    await look.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await open(look, path);
    checks += 1;
    for (const found of await look.evaluate(measured)) fault(`${where}: ${found}`);
    const name = path.replace(/[^a-z0-9]+/gi, "-").slice(0, 24);
    if (folder) await look.screenshot({ path: `${folder}/serve${name}-${width}-${scheme}.png`, fullPage: true });
    if (!audited) continue;
    await look.evaluate(axe);
    const audit = await look.evaluate(() => axe.run());
    for (const v of audit.violations.filter((v) => ["serious", "critical"].includes(v.impact)))
      fault(`${where}: ${v.id} (${v.impact}): ${v.help}: ${v.nodes[0].html.slice(0, 160)}`);
  }
}
await browser.close();
console.log(`${checks} checks, ${faults} faults`);
process.exit(faults ? 1 : 0);
