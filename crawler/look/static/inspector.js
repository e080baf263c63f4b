// The page inspector: clicks in the archived copy, and in the lists beside it, choose a text.
import { ask, mountRules } from "/static/rules.js";

const inspector = document.getElementById("inspector");
const frame = document.getElementById("copy");
const chosen = document.getElementById("chosen");
const rulesPanel = document.getElementById("rules");
const page = `/page/${inspector.dataset.page}`;
const capture = inspector.dataset.capture;
const rules = mountRules(rulesPanel, {
  site: inspector.dataset.site, page: Number(inspector.dataset.page),
});
let current = null;

function address(path, parameters = []) {
  const query = new URLSearchParams(parameters);
  if (new URLSearchParams(location.search).has("capture")) query.set("capture", capture);
  return `${page}/${path}?${query}`;
}

function inCopy(number) {
  return frame?.contentDocument?.querySelector(`[data-winnow-block="${number}"]`) ?? null;
}

function mark(name, numbers) {
  const copy = frame?.contentDocument;
  if (!copy) return;
  for (const element of copy.querySelectorAll(`.${name}`)) element.classList.remove(name);
  for (const number of numbers) inCopy(number)?.classList.add(name);
}

async function choose(number, { scroll }) {
  current = number;
  mark("winnow-chosen", [number]);
  mark("winnow-covered", []);
  if (scroll) inCopy(number)?.scrollIntoView({ block: "center" });
  for (const one of document.querySelectorAll("[data-text]")) {
    one.classList.toggle("chosen-text", one.dataset.text === number);
  }
  const answer = await fetch(address(`text/${number}`)).catch(() => null);
  if (current !== number) return; // another was chosen meanwhile
  if (!answer) {
    chosen.textContent = "The server does not answer; is scrapy look still running?";
    return;
  }
  const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) {
    chosen.replaceChildren(...(fragment.querySelector("main")?.childNodes ?? []));
    return;
  }
  chosen.replaceChildren(...fragment.body.childNodes);
  document.querySelector(".side").scrollTop = 0;
  const form = chosen.querySelector("#rule-form");
  if (form) prepare(form, number);
}

function prepare(form, number) {
  const input = form.querySelector("#selector");
  const offers = [...form.querySelectorAll("input[name=offer]")];
  const show = (covers) => mark("winnow-covered", covers.filter((one) => one !== number));
  const covers = (offer) => offer.dataset.covers.split(" ").filter(Boolean);
  if (offers.length) show(covers(offers[0]));
  for (const offer of offers) {
    offer.addEventListener("change", () => {
      input.value = offer.value;
      form.querySelector("#covers").textContent = "";
      show(covers(offer));
    });
  }
  input.addEventListener("change", () => tryOut(form, input.value, show));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const selector = input.value.trim();
    if (!selector) {
      form.querySelector("#covers").textContent = "Write a CSS selector, or choose one.";
      input.focus();
      return;
    }
    rulesPanel.hidden = false;
    rules.show({ action: event.submitter.value, selector });
  });
  count(form, offers);
}

async function tryOut(form, selector, show) {
  const said = form.querySelector("#covers");
  try {
    const { covers } = await ask(address("covered", [["selector", selector]]));
    said.textContent = `It finds ${covers.length} texts on this page.`;
    show(covers.map(String));
  } catch (wrong) {
    said.textContent = wrong.message;
    show([]);
  }
}

async function count(form, offers) {
  if (!offers.length) return;
  const asked = address("counts", offers.map((offer) => ["selector", offer.value]));
  const { pages, matches } = await ask(asked).catch((wrong) => {
    form.querySelector("#covers").textContent = wrong.message;
    return { pages: 0, matches: {} };
  });
  for (const one of pages ? form.querySelectorAll(".matches") : []) {
    const number = matches[one.dataset.selector];
    one.textContent = `; on ${number} of ${pages} archived pages of the site`;
  }
}

function attach() {
  const copy = frame.contentDocument;
  if (!copy) return;
  copy.addEventListener("click", (event) => {
    const element = event.target.closest("[data-winnow-block]");
    if (element) choose(element.dataset.winnowBlock, { scroll: false });
  });
}

if (frame) {
  frame.addEventListener("load", attach);
  if (frame.contentDocument?.readyState === "complete") attach();
}
document.querySelector(".side").addEventListener("click", (event) => {
  const element = event.target.closest("[data-text]");
  if (element) choose(element.dataset.text, { scroll: true });
});
