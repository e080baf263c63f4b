// Replaces the tables of runs every two seconds while the page is seen.
const EVERY = 2000;
const tables = document.getElementById("live");
const updated = document.getElementById("live-updated");
const status = document.getElementById("live-status");
let shown = null;

// An element of the tables and its like in the next ones have one name.
const nameOf = (element) => element.getAttribute("aria-label") ?? element.getAttribute("href");
const named = () => [...tables.querySelectorAll("[aria-label], [href]")];

function replace(html) {
  const active = tables.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const offsets = new Map(named().map((element) => [nameOf(element), element.scrollLeft]));
  tables.innerHTML = html;
  for (const element of named()) element.scrollLeft = offsets.get(nameOf(element)) ?? 0;
  if (active !== null) {
    named().find((element) => nameOf(element) === active)?.focus({ preventScroll: true });
  }
}

async function refresh() {
  try {
    const answer = await fetch("/live/runs");
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const html = await answer.text();
    if (html !== shown) replace(html); // what is selected stays so while nothing changes
    shown = html;
    updated.textContent = `${new Date().toISOString().slice(0, 19).replace("T", " ")} UTC`;
    status.textContent = "";
  } catch (fault) {
    status.textContent = `Not up to date: ${fault.message}. Is scrapy look still running?`;
  }
}

let timer = null;
function follow() {
  clearInterval(timer);
  timer = document.visibilityState === "visible" ? setInterval(refresh, EVERY) : null;
}

document.addEventListener("visibilitychange", () => {
  follow();
  if (timer !== null) refresh();
});
follow();
