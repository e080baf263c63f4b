// The rule loop: what a rule would change on the site, the rule written, the archive read again.
const PAUSE = 300; // ms between two looks at a job

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export async function ask(path, options) {
  const answer = await fetch(path, options).catch(() => {
    throw new Error("The server does not answer; is scrapy look still running?");
  });
  const found = answer.headers.get("Content-Type")?.startsWith("application/json")
    ? await answer.json()
    : { error: `The server answered ${answer.status}; reload the page to see why.` };
  if (!answer.ok) throw new Error(found.error);
  return found;
}

function post(path, body = {}) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

function counted(result, { pages, sample, total }) {
  const changed = Object.values(result.kinds).reduce((sum, one) => sum + one, 0);
  const kinds = Object.entries(result.kinds).filter(([, number]) => number);
  const which = kinds.map(([kind, number]) => `${number} ${kind}`).join(", ");
  const newest = sample < total ? ` The newest of ${total} articles were looked at.` : "";
  const where = pages < sample ? ` The selector finds something on ${pages} of them.` : "";
  const refused = result.refused ? `; of ${result.refused} the stored text would stay` : "";
  const lost = result.unreadable.length;
  const unread = lost ? ` ${lost} archived ${lost === 1 ? "copy" : "copies"} could not be read.` : "";
  const kind = which ? `: ${which}` : "";
  return `${changed} of ${sample} articles would change${kind}${refused}.${where}${newest}${unread}`;
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
    const file = make("pre", { className: "file", hidden: true, tabIndex: 0, role: "group" });
    file.setAttribute("aria-label", `Changes of ${site}.toml`);
    const buttons = make("p", { className: "buttons" });
    panel.replaceChildren(
      make("h2", { textContent: `Rule: ${action} ` }, make("code", { textContent: selector })),
      status, progress, buttons, file, changes,
    );
    const say = (text, wrong = false) => {
      if (mine !== turn) return;
      status.textContent = text;
      status.classList.toggle("wrong", wrong);
    };
    // Focus follows the buttons, if it was among them: else the keyboard would begin at the top.
    const offer = (...next) => {
      const focused = buttons.contains(document.activeElement);
      buttons.replaceChildren(...next);
      if (focused) buttons.querySelector("button")?.focus();
    };
    const showFile = (diff) => {
      file.hidden = !diff.length;
      file.textContent = diff.join("\n");
    };
    const button = (label, primary, work) => {
      const made = make("button", { type: "button", textContent: label });
      made.classList.toggle("primary", primary);
      made.addEventListener("click", async () => {
        if (made.ariaDisabled) return;
        made.ariaDisabled = "true"; // not `disabled`, which would lose the focus
        try {
          await work();
        } catch (wrong) {
          say(wrong.message, true);
        }
        made.ariaDisabled = null;
      });
      return made;
    };

    async function follow(started, doing, again) {
      progress.hidden = false;
      offer(button("Stop", false, () => post(`/rules/jobs/${started.job}/stop`)));
      try {
        for (;;) {
          const found = await ask(`/rules/jobs/${started.job}`);
          if (mine !== turn) return null;
          progress.max = found.pages || 1;
          progress.value = found.read;
          if (found.state === "done") return found;
          if (found.state === "failed") throw new Error(found.reason);
          if (found.state === "stopped") throw new Error(`Stopped after ${found.read} of ${found.pages} articles.`);
          say(`${doing}: ${found.read} of ${found.pages} read`);
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
      } catch (wrong) {
        if (mine === turn) offer(...again());
        throw wrong;
      } finally {
        progress.hidden = true;
      }
    }

    const writing = (digest) => button(`Write to ${site}.toml`, true, () => write(digest));
    const applying = (primary) => button("Apply: re-extract the site", primary, apply);
    const previewing = (label, all) => button(label, false, () => preview(all));

    async function preview(all) {
      changes.replaceChildren();
      showFile([]);
      say("Reading archived copies with the rule; nothing is written");
      const started = await post("/rules/preview", { ...rule, all });
      const again = () => [previewing("Preview again", all)];
      const found = await follow(started, "Reading archived copies", again);
      if (!found) return;
      const noted = started.otherwise
        ? ` ${started.otherwise} of them were read by an earlier extractor: a part of this may be due to that.`
        : "";
      const known = started.diff.length ? "" : ` ${site}.toml has this rule already.`;
      say(counted(found.result, started) + noted + known);
      const largest = new DOMParser().parseFromString(found.result.largest.join(""), "text/html");
      if (largest.body.children.length) {
        changes.append(make("h3", { textContent: "The largest changes" }), ...largest.body.children);
      }
      showFile(started.diff);
      offer(
        started.diff.length ? writing(started.digest) : applying(true),
        ...(started.can_undo ? [undoing("Undo the last rule written")] : []),
        ...(started.sample < started.total
          ? [previewing(`Preview all ${started.total} articles`, true)] : []),
      );
      panel.scrollIntoView({ block: "nearest" });
    }

    async function write(digest) {
      try {
        const written = await post("/rules/write", { ...rule, digest });
        say(`Written to ${written.file}. Stored articles are as they were until the site is re-extracted.`);
      } catch (wrong) {
        offer(previewing("Preview again", false));
        throw wrong;
      }
      offer(applying(true), undoing());
    }

    const undoing = (label = "Undo") => button(label, false, async () => {
      const undone = await post("/rules/undo", { site });
      showFile([]);
      say(`Taken back: ${undone.file} is as it was before. Articles that were re-extracted meanwhile stay; apply again to read them without the rule.`);
      offer(
        previewing("Preview again", false), applying(false),
        ...(undone.more ? [undoing("Undo the one before")] : []),
      );
    });

    async function apply() {
      const started = await post("/rules/apply", { site });
      const found = await follow(started, "Re-extracting", () => [applying(true), undoing()]);
      if (!found) return;
      say(found.printed.at(-1) ?? "The site was re-extracted.");
      offer(button("Show the page as it is now", true, async () => location.reload()), undoing());
    }

    preview(false).catch((wrong) => {
      progress.hidden = true;
      say(wrong.message, true);
    });
    panel.scrollIntoView({ block: "nearest" });
  }

  return { show };
}
