// Keys, the slider and the news of changes. Every page works without this script.
"use strict";

const typing = () => document.activeElement && document.activeElement.matches("input, textarea, select");

// The slider over the days of the exchange.
for (const place of document.querySelectorAll(".slider")) {
  const field = place.closest("form").elements["as-of"];
  const day = (text) => Math.round(Date.parse(text + "T00:00:00Z") / 86400000);
  const iso = (number) => new Date(number * 86400000).toISOString().slice(0, 10);
  const [first, last] = [day(place.dataset.first), day(place.dataset.last)];
  if (!field || !(last > first)) continue;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = first;
  slider.max = last;
  slider.value = /^\d{4}-\d\d-\d\d$/.test(field.value) ? day(field.value) : last;
  slider.setAttribute("aria-label", "As of");
  const said = () => slider.setAttribute("aria-valuetext", iso(Number(slider.value)));
  said();
  slider.addEventListener("input", () => { field.value = iso(Number(slider.value)); said(); });
  slider.addEventListener("change", () => field.form.requestSubmit());
  place.append(place.dataset.first, slider, place.dataset.last);
}

// Changes that were made since the page was shown. The page is never reloaded by itself.
const shown = Number(document.body.dataset.latest);
const news = document.getElementById("news");
const look = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch("/latest", { credentials: "same-origin" });
    if (!answer.ok) return;
    const more = Number(await answer.text()) - shown;
    if (more > 0 && news.dataset.more !== String(more)) {
      news.dataset.more = String(more);
      const link = document.createElement("a");
      link.href = location.pathname + location.search;
      link.textContent = "show " + (more === 1 ? "it" : "them");
      news.replaceChildren(more === 1 ? "1 new change: " : more + " new changes: ", link);
      news.hidden = false;
    }
  } catch { /* The server has ended. */ }
};
setInterval(look, 5000);
document.addEventListener("visibilitychange", look);

// Keys.
const pages = { u: "unanswered", b: "balance", m: "matrix", p: "pending", t: "timeline", r: "reciprocity", l: "list", s: "suggest", c: "candidates", h: "history" };
const rows = [...document.querySelectorAll("main tbody tr")].filter((row) => !row.closest(".brief"));
let at = -1;
let going = false;
const move = (to) => {
  if (!rows.length) return;
  rows[at]?.classList.remove("at");
  at = Math.min(Math.max(to, 0), rows.length - 1);
  rows[at].classList.add("at");
  rows[at].scrollIntoView({ block: "nearest" });
};
if (document.querySelector("table.queue")) move(rows.findIndex((row) => row.closest(".queue")));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing()) {
    if (event.key === "Escape") document.activeElement.blur();
    return;
  }
  const key = event.key;
  if (going) {
    going = false;
    if (pages[key]) location.href = "/" + pages[key];
    return;
  }
  const row = rows[at];
  const inRow = (name) => row?.querySelector(`[data-key="${name}"]`);
  const go = (element) => { if (element) { event.preventDefault(); element.matches("input") ? element.focus() : element.click(); } };
  if (key === "g") going = true;
  else if (key === "j") move(at + 1);
  else if (key === "k") move(at - 1);
  else if (key === "o" || (key === "Enter" && document.activeElement === document.body)) go(inRow("o") ?? row?.querySelector("a[href]"));
  else if (key === "a" || key === "x") go(inRow(key));
  else if (key === "n" || key === "/" || key === "u") go(document.querySelector(`[data-key="${key}"]`));
  else if (key === "?") location.href = "/keys";
});
