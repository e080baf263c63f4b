// Replaces the tables of runs every two seconds while the page is seen.
const EVERY = 2000;
const tables = document.getElementById("live");
const status = document.getElementById("live-status");

async function refresh() {
  try {
    const answer = await fetch("/live/runs");
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const html = await answer.text();
    const inside = tables.contains(document.activeElement);
    if (!inside) tables.innerHTML = html; // a link that has the focus keeps it
    status.textContent = "";
  } catch (fault) {
    status.textContent = `Not up to date: ${fault.message}. Is scrapy look still running?`;
  }
}

let timer = null;
function follow() {
  clearInterval(timer);
  timer = null;
  if (document.visibilityState === "visible") {
    timer = setInterval(refresh, EVERY);
  }
}

document.addEventListener("visibilitychange", () => {
  follow();
  if (timer !== null) refresh();
});
follow();
