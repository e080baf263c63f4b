// The rule loop: what a rule would change on the site, the rule written, the archive read again.
const PAUSE = 300; // ms between two looks at a job

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const found = answer.headers.get("Content-Type")?.startsWith("application/json")
    ? await answer.json()
    : { error: `the server answered ${answer.status}` };
  if (!answer.ok) throw new Error(found.error);
  return found;
}

async function job(number) {
  const answer = await fetch(`/rules/jobs/${number}`);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

function counted(result, { pages, sample, total }) {
  const changed = Object.values(result.kinds).reduce((sum, one) => sum + one, 0);
  const kinds = Object.entries(result.kinds).filter(([, number]) => number);
  const which = kinds.map(([kind, number]) => `${number} ${kind}`).join(", ");
  const all = sample < total ? `the newest ${sample} of ${total} articles` : `${total} articles`;
  const where = pages < sample ? ` The selector finds something on ${pages} of them.` : "";
  const refused = result.refused ? `; of ${result.refused} the stored text would stay` : "";
  return `${changed} of ${all} would change${which ? `: ${which}` : ""}${refused}.${where}`;
}

export function mountRules(panel, { site, page }) {
  let turn = 0; // counts what was asked, so that late answers are dropped

  function show({ action, selector }) {
    const mine = ++turn;
    const rule = { site, action, selector, page };
    const status = make("p", { className: "status" });
    status.setAttribute("role", "status");
    const progress = make("progress", { max: 1, value: 0 });
    progress.setAttribute("aria-label", "Articles read");
    const changes = make("div", { className: "changes" });
    const file = make("pre", { className: "file", hidden: true, tabIndex: 0 });
    const buttons = make("p", { className: "buttons" });
    panel.replaceChildren(
      make("h2", { textContent: `Rule: ${action} ` }, make("code", { textContent: selector })),
      status, progress, changes, file, buttons,
    );
    const say = (text, wrong = false) => {
      if (mine !== turn) return;
      status.textContent = text;
      status.classList.toggle("wrong", wrong);
    };
    const button = (label, primary, work) => {
      const made = make("button", { type: "button", textContent: label });
      made.classList.toggle("primary", primary);
      made.addEventListener("click", async () => {
        made.disabled = true;
        try {
          await work();
        } catch (wrong) {
          say(wrong.message, true);
        }
        made.disabled = false;
      });
      return made;
    };

    async function follow(number, pages, doing) {
      progress.hidden = false;
      for (;;) {
        const found = await job(number);
        if (mine !== turn) return null;
        progress.max = found.pages || 1;
        progress.value = found.state === "done" ? progress.max : found.read;
        if (found.state !== "running") {
          progress.hidden = true;
          if (found.state === "done") return found;
          throw new Error(found.reason ?? "stopped");
        }
        say(`${doing}: ${found.read} of ${pages} read`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }

    async function preview(all) {
      changes.replaceChildren();
      say("Reading archived copies with the rule; nothing is written");
      const started = await post("/rules/preview", { ...rule, all });
      const found = await follow(started.job, started.pages, "Reading archived copies");
      if (!found) return;
      const noted = started.otherwise
        ? ` ${started.otherwise} of them were read by another extractor or other rules: a part of this is due to that.`
        : "";
      say(counted(found.result, started) + noted);
      const largest = new DOMParser().parseFromString(found.result.largest.join(""), "text/html");
      if (largest.body.children.length) {
        changes.append(make("h3", { textContent: "The largest changes" }), ...largest.body.children);
      }
      const more = started.sample < started.total
        ? [button(`Preview all ${started.total} articles`, false, () => preview(true))] : [];
      buttons.replaceChildren(button(`Write to ${site}.toml`, true, write), ...more);
      panel.scrollIntoView({ block: "nearest" });
    }

    async function write() {
      const draft = await post("/rules/write", { ...rule, show: true });
      const written = await post("/rules/write", { ...rule, digest: draft.digest });
      file.hidden = false;
      file.textContent = written.diff.join("\n") || `${written.file} has the rule already.`;
      say(`Written to ${written.file}. Stored articles are as they were until the site is re-extracted.`);
      buttons.replaceChildren(button("Apply: re-extract the site", true, apply), undoing());
    }

    const undoing = () => button("Undo", false, async () => {
      const undone = await post("/rules/undo", { site });
      file.hidden = true;
      say(`Taken back: ${undone.file} is as it was before. Articles that were re-extracted meanwhile stay; apply again to read them without the rule.`);
      buttons.replaceChildren(
        button(`Write to ${site}.toml`, true, write), button("Apply: re-extract the site", false, apply),
      );
    });

    async function apply() {
      const started = await post("/rules/apply", { site });
      const found = await follow(started.job, started.pages, "Re-extracting");
      if (!found) return;
      say(found.printed.at(-1) ?? "The site was re-extracted.");
      buttons.replaceChildren(
        button("Show the page as it is now", true, async () => location.reload()), undoing(),
      );
    }

    preview(false).catch((wrong) => {
      progress.hidden = true;
      say(wrong.message, true);
    });
    panel.scrollIntoView({ block: "nearest" });
  }

  return { show };
}
