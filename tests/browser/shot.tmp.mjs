import puppeteer from "puppeteer-core";
const [url, out, width, scheme] = process.argv.slice(2);
const b = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], headless: true });
const p = await b.newPage();
if (scheme === "pdf") { await p.goto(url); await p.pdf({ path: out, format: width, preferCSSPageSize: false, printBackground: true }); }
else {
await p.setViewport({ width: +width, height: 900, deviceScaleFactor: 1 });
await p.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme || "light" }]);
await p.goto(url);
await p.screenshot({ path: out, fullPage: true });
}
await b.close();
