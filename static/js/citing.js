// Cites sources at the keyboard: "@" at the beginning of a word, or the button below a text, opens
// a picker, and what is chosen there is put at the cursor as [@slug]. What a text cites is shown
// below it as it is typed. Without this script markers are typed, and shown once the form is sent.
"use strict";
{
  const SEARCH_AFTER_MILLISECONDS = 200;
  const SHOW_AFTER_MILLISECONDS = 600;
  const picker = document.querySelector("#source-picker");
  const part = (name) => document.querySelector(`#source-picker-${name}`);
  const words = part("words");
  const found = part("found");
  const state = part("state");
  const blank = part("new");
  let form;

  const after = (milliseconds, act) => {
    let timer;
    return (...values) => {
      clearTimeout(timer);
      timer = setTimeout(act, milliseconds, ...values);
    };
  };
  // An answer of the view that was asked; the page to sign in, or an error, is none.
  const ask = async (address, options) => {
    const answer = await fetch(address, { redirect: "error", ...options });
    if (!answer.ok) {
      throw new Error(answer.statusText);
    }
    return answer;
  };

  // Where a marker goes: the text, and how much before the cursor it takes the place of.

  let place;

  const marker = (field, start, end, slug) => {
    const before = field.value.slice(0, start);
    // After "[" or "[@one; " the marker is begun already.
    if (/\[(@[^[\]\n]*;\s*)?$/.test(before)) {
      return `@${slug}${field.value[end] === "]" ? "" : "]"}`;
    }
    const space = start === end && /[^\s([]$/.test(before) ? " " : "";
    return `${space}[@${slug}]`;
  };

  const cite = (slug) => {
    const { field, start, end } = place;
    picker.close();
    field.focus();
    const text = marker(field, start, end, slug);
    field.setSelectionRange(start, end);
    // The one way that the browser's own undo knows of.
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const open = (field, start, end) => {
    place = { field, start, end };
    words.value = "";
    found.replaceChildren();
    form?.remove();
    shown = undefined;
    isSure = false;
    picker.showModal();
    words.focus();
    search();
  };

  // What is found, and chosen

  const options = () => [...found.children];
  const active = () => found.querySelector("[aria-selected=true]");

  const activate = (option) => {
    active()?.setAttribute("aria-selected", "false");
    words.removeAttribute("aria-activedescendant");
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      words.setAttribute("aria-activedescendant", option.id);
    }
  };

  const optionOf = ({ slug, title, about }, number) => {
    const option = document.createElement("li");
    const name = document.createElement("b");
    Object.assign(option, { id: `source-picker-found-${number}`, role: "option" });
    option.dataset.slug = slug;
    option.setAttribute("aria-selected", "false");
    name.textContent = title;
    option.append(name, document.createElement("br"), about);
    return option;
  };

  const show = (sources) => {
    found.replaceChildren(...sources.map(optionOf));
    activate(found.firstElementChild);
  };

  // The words of which the list shows what was found.
  let shown;

  const search = async () => {
    const typed = words.value;
    try {
      const answer = await ask(`${picker.dataset.search}?${new URLSearchParams({ q: typed })}`);
      const { sources, has_more: hasMore } = await answer.json();
      if (typed === words.value) {
        show(sources);
        shown = typed;
        const which = typed.trim() ? "found" : "added last";
        const toAdd = blank && !sources.length ? " Enter adds it." : "";
        state.textContent = `${sources.length} ${which}${hasMore ? "; type more to find others" : ""}.${toAdd}`;
      }
    } catch {
      found.replaceChildren();
      state.textContent = "The sources could not be asked for. Sign in in another tab, or type the marker.";
    }
  };

  // Enter where nothing is found adds what is missing.
  const seek = async () => {
    await search();
    if (blank && shown?.trim() && shown === words.value && !found.children.length) {
      begin();
    }
  };

  const move = (step) => {
    const all = options();
    activate(all.at((all.indexOf(active()) + step) % all.length));
  };

  words.addEventListener("input", () => {
    shown = undefined;
    activate(null);
  });
  words.addEventListener("input", after(SEARCH_AFTER_MILLISECONDS, () => words.value === shown || search()));
  words.addEventListener("keydown", (event) => {
    const acts = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => (active() ? cite(active().dataset.slug) : seek()),
    };
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  });
  found.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      cite(option.dataset.slug);
    }
  });
  part("close").addEventListener("click", () => picker.close());
  // Django's window for adding a row puts its slug here, and says so by jQuery alone.
  django.jQuery(part("added")).on("change", (event) => cite(event.target.value));

  // A source that is not there yet: its address and title, which may be typed already, in one line.

  let isSure = false;

  const begin = () => {
    const [url = ""] = words.value.match(/https?:\/\/\S+/) ?? [];
    const title = words.value.replace(url, "").trim();
    form?.remove();
    form = blank.content.firstElementChild.cloneNode(true);
    blank.before(form);
    form.addEventListener("input", () => (isSure = false));
    form.addEventListener("submit", add);
    form.elements.url.value = url;
    form.elements.title.value = title;
    form.querySelector(url ? (title ? "button" : "[name=title]") : "[name=url]").focus();
  };

  const add = async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    const button = form.querySelector("button");
    body.set("csrfmiddlewaretoken", place.field.form.elements.csrfmiddlewaretoken.value);
    body.set("is_sure", isSure ? "1" : "");
    button.disabled = true;
    try {
      const answer = await ask(form.action, { method: "POST", body });
      const { slug, problems, sources } = await answer.json();
      if (slug) {
        cite(slug);
        return;
      }
      show(sources);
      state.textContent = problems.join(" ");
      isSure = sources.length > 0;
    } catch {
      state.textContent = "It could not be added. Sign in in another tab, and add it again.";
    } finally {
      button.disabled = false;
    }
  };

  part("add")?.addEventListener("click", begin);

  // What stands below a text

  const below = (field) => field.closest(".citing")?.querySelector(".cited");

  const describe = async (field) => {
    const form = field.form.elements;
    const isOpen = below(field).querySelector("details")?.open;
    const body = new URLSearchParams({
      text: field.value,
      csrfmiddlewaretoken: form.csrfmiddlewaretoken.value,
    });
    try {
      const answer = await ask(picker.dataset.cited, { method: "POST", body });
      below(field).innerHTML = await answer.text();
    } catch {
      below(field).textContent = "What it cites could not be asked for.";
    }
    below(field).querySelector("details")?.toggleAttribute("open", Boolean(isOpen));
  };
  const waiting = new WeakMap();

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!below(field)) {
      return;
    }
    if (!waiting.has(field)) {
      waiting.set(field, after(SHOW_AFTER_MILLISECONDS, describe));
    }
    waiting.get(field)(field);
    const end = field.selectionEnd;
    if (event.inputType === "insertText" && event.data === "@" && /(^|[\s([;])@$/.test(field.value.slice(0, end))) {
      open(field, end - 1, end);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.matches(".cite")) {
      const field = event.target.parentElement.querySelector("textarea");
      open(field, field.selectionEnd, field.selectionEnd);
    }
  });
}
