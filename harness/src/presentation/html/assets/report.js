"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const form = document.getElementById("filter");
  if (!form) return;

  const find = (id) => document.getElementById(id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const [search, type, requirement, shown, none] = ["q", "type", "requirement", "shown", "none-shown"].map(find);
  const boxes = all("input[name=verdict]");
  const flows = all(".fl");
  // What passed is folded: a search opens the folds that have something, and closes them when it is over.
  const folds = all(".ps");
  // What a search looks through: the heading of a case, its requirements, and what does not hold.
  const cases = all(".cs").map((article) => {
    const body = article.querySelector(".in");
    const told = ["summary", ".story"].map((part) => article.querySelector(part)?.textContent ?? "");
    return {
      article,
      id: body.id,
      verdict: article.dataset.verdict,
      type: article.dataset.type,
      requirements: article.dataset.requirement.split(" "),
      text: [body.id, article.dataset.requirement, ...told].join("\n").toLowerCase(),
    };
  });

  const wanted = () => ({
    verdicts: boxes.filter((box) => box.checked).map((box) => box.value),
    type: type.value,
    requirement: requirement.value,
    words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
  });

  const fits = (one, want) =>
    (want.verdicts.length === 0 || want.verdicts.includes(one.verdict)) &&
    (want.type === "" || one.type === want.type) &&
    (want.requirement === "" || one.requirements.includes(want.requirement)) &&
    want.words.every((word) => one.text.includes(word));

  // The filters are kept in the address, so that a view can be sent to somebody. The address of a case is `#` and its id.
  const address = (want) => {
    const query = new URLSearchParams();
    if (want.verdicts.length) query.set("verdict", want.verdicts.join(","));
    if (want.type) query.set("type", want.type);
    if (want.requirement) query.set("requirement", want.requirement);
    if (search.value.trim()) query.set("q", search.value.trim());
    const text = query.toString();
    return text ? "#?" + text : "";
  };

  const apply = (keepAddress) => {
    const want = wanted();
    let count = 0;
    for (const one of cases) {
      const fit = fits(one, want);
      one.article.hidden = !fit;
      if (fit) count += 1;
    }
    const visible = (part) => part.querySelector(".cs:not([hidden])") !== null;
    for (const flow of flows) flow.hidden = !visible(flow);
    const searching = address(want) !== "";
    for (const fold of folds) {
      fold.hidden = !visible(fold);
      if (searching && !fold.hidden && !fold.open) {
        fold.dataset.opened = "";
        fold.open = true;
      } else if (!searching && "opened" in fold.dataset) {
        delete fold.dataset.opened;
        fold.open = false;
      }
    }
    shown.textContent = count + " of " + cases.length + " cases";
    none.hidden = count > 0;
    if (!keepAddress) history.replaceState(null, "", address(want) || location.pathname + location.search);
  };

  const set = (query) => {
    const verdicts = (query.get("verdict") ?? "").split(",");
    for (const box of boxes) box.checked = verdicts.includes(box.value);
    type.value = query.get("type") ?? "";
    requirement.value = query.get("requirement") ?? "";
    search.value = query.get("q") ?? "";
    // A value that this run does not have leaves a list without a choice.
    for (const list of [type, requirement]) if (list.selectedIndex < 0) list.value = "";
  };

  const reset = () => {
    set(new URLSearchParams());
    apply();
  };

  // At once: on a page this long a smooth way is a long one.
  const go = (element) => element.scrollIntoView({ block: "start", behavior: "instant" });

  const addCopy = (part) => {
    for (const command of part.querySelectorAll(".cmd:not([data-copy])")) {
      command.dataset.copy = "";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(command.textContent);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(command);
          button.textContent = "Selected";
        }
      });
      command.after(button);
      const whole = part.querySelector(".in");
      if (!whole) continue;
      const link = document.createElement("a");
      link.href = "#" + whole.id;
      link.textContent = "Link to this case";
      command.parentElement.append(link);
    }
  };

  const open = (one, focus) => {
    if (one.article.hidden) {
      one.article.hidden = false;
      one.article.closest(".fl").hidden = false;
    }
    const fold = one.article.closest(".ps");
    if (fold) {
      fold.hidden = false;
      fold.open = true;
    }
    const details = one.article.firstElementChild;
    details.open = true;
    addCopy(one.article);
    go(details);
    if (focus) details.firstElementChild.focus({ preventScroll: true });
  };

  const follow = () => {
    let name = location.hash.slice(1);
    if (name.startsWith("?")) {
      set(new URLSearchParams(name.slice(1)));
      apply(true);
      go(find("cases"));
      return;
    }
    try {
      name = decodeURIComponent(name);
    } catch {
      // Then it is taken as it stands.
    }
    const target = name && find(name);
    if (!target) return;
    const one = cases.find((one) => one.article === target.closest(".cs"));
    if (one && target.matches(".in, .fa")) {
      // Long lists link by number; what a reader copies is the id.
      if (name !== one.id) history.replaceState(null, "", "#" + one.id);
      open(one, true);
      return;
    }
    for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    go(target);
  };

  let current = -1;
  const step = (by) => {
    const problems = cases.filter((one) => "problem" in one.article.dataset);
    const stops = problems.length ? problems : cases.filter((one) => !one.article.hidden);
    if (!stops.length) return;
    const at = stops.findIndex((one) => one.id === cases[current]?.id);
    const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : (at + by + stops.length) % stops.length;
    current = cases.indexOf(stops[next]);
    history.replaceState(null, "", "#" + stops[next].id);
    open(stops[next], true);
  };

  const theme = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  };

  const help = find("help");
  const keys = { j: () => step(1), k: () => step(-1), x: reset, t: theme, "?": () => help.showModal(), "/": () => search.focus() };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input[type=search], select, textarea, dialog");
    if (event.key === "Escape" && event.target === search) search.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  let pending = 0;
  search.addEventListener("input", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => apply());
  });
  form.addEventListener("change", () => apply());
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["reset", "reset-none"]) find(id).addEventListener("click", reset);
  find("keys").addEventListener("click", () => help.showModal());
  find("help-close").addEventListener("click", () => help.close());
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-show], a[data-show-requirement]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { show, showRequirement } = link.dataset;
    event.preventDefault();
    set(new URLSearchParams(show ? { verdict: show } : { requirement: showRequirement }));
    apply();
    go(find("cases"));
  });
  document.addEventListener(
    "toggle",
    (event) => {
      const article = event.target.parentElement;
      if (!event.target.open || !article?.classList.contains("cs")) return;
      current = cases.findIndex((one) => one.article === article);
      addCopy(article);
    },
    true,
  );
  addEventListener("hashchange", follow);
  // Problems are printed whole, and nothing stays folded away.
  addEventListener("beforeprint", () => {
    for (const fold of folds) fold.open = true;
    for (const one of cases) if ("problem" in one.article.dataset) one.article.firstElementChild.open = true;
  });

  for (const card of all("#problems .pc")) addCopy(card);
  form.hidden = false;
  follow();
})();
