import puppeteer from "puppeteer-core";
const [url, sel, out, width, scheme] = process.argv.slice(2);
const b = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], headless: true });
const p = await b.newPage();
await p.setViewport({ width: +width, height: 900, deviceScaleFactor: 1.5 });
await p.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme || "light" }]);
await p.goto(url);
const es = await p.$$(sel); await es[+(process.argv[7]||0)].screenshot({ path: out });
await b.close();
