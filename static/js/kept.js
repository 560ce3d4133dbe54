// Keeps what is typed in a form of the desk in this tab, and puts it back after Back or a crash.
//
// The server puts it back, parts included: the fields are sent to the form's own address, marked
// as text to show and not to save. What is kept is of one account, and goes with saving it or
// signing out. Without this script the desk works, and the answers of meetings/admin/kept_pages.py
// keep the text.
"use strict";
{
  const { user, longest } = document.currentScript.dataset;
  const MOST_TEXTS = 20;
  const EVERY_MILLISECONDS = 2000;
  const NOT_KEPT = ["csrfmiddlewaretoken", "_typed_by", "_entry", "_form_number"];
  const path = location.pathname;
  const number = String(Date.now()) + String(Math.floor(Math.random() * 1000));
  const ownKey = `kept:${user}:${path}:${number}`;

  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith("kept:"));
  const ofHere = () => keys().filter((key) => key.startsWith(`kept:${user}:${path}:`));
  const text = (key) => JSON.parse(sessionStorage.getItem(key));
  const forget = (found) => found.forEach((key) => sessionStorage.removeItem(key));
  const newestFirst = (found) => found.sort((one, other) => text(other).at - text(one).at);
  // The time on the editor's clock, after the day if that was another.
  const time = (at) => {
    const local = (moment) => new Date(moment - new Date(moment).getTimezoneOffset() * 60000);
    const [day, hour] = local(at).toISOString().split("T");
    const isToday = local(Date.now()).toISOString().startsWith(day);
    return `${isToday ? "" : `${day} `}${hour.slice(0, 5)}`;
  };

  // A form that can be shown again says which revision it was opened at.
  const form = document.querySelector("[name=seen]")?.form;
  const content = () => {
    const fields = new URLSearchParams(new FormData(form));
    NOT_KEPT.forEach((name) => fields.delete(name));
    return fields.toString();
  };
  const hidden = (owner, name, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    owner.append(input);
    return input;
  };

  // What may be forgotten

  if (user) {
    forget(keys().filter((key) => !key.startsWith(`kept:${user}:`)));
  }
  const saved = /^#saved-(\d+)$/.exec(location.hash);
  if (saved) {
    forget(keys().filter((key) => key.endsWith(`:${saved[1]}`)));
    history.replaceState(null, "", path + location.search);
  }
  const query = new URLSearchParams(location.search);
  if (query.has("_discard")) {
    forget(ofHere());
    query.delete("_discard");
    history.replaceState(null, "", path + (query.size ? `?${query}` : ""));
  }
  let isSignedOut = false;
  document.querySelector("#logout-form")?.addEventListener("submit", () => {
    isSignedOut = true;
    forget(keys());
  });

  // What is kept, and put back

  const putBack = (key) => {
    const { at, fields } = text(key);
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = location.href;
    for (const [name, value] of new URLSearchParams(fields)) {
      hidden(sent, name, value);
    }
    for (const name of ["csrfmiddlewaretoken", "_typed_by", "_entry"]) {
      hidden(sent, name, form.elements[name].value);
    }
    hidden(sent, "_resume", "1");
    hidden(sent, "_typed_at", time(at));
    document.body.append(sent);
    sent.submit();
  };

  const offer = (key) => {
    const box = document.createElement("section");
    const words = document.createElement("p");
    const buttons = document.createElement("p");
    box.className = "warning-summary";
    words.textContent = `You typed here at ${time(text(key).at)} and did not save it.`;
    const button = (label, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "button", textContent: label });
      made.addEventListener("click", act);
      buttons.append(made, " ");
    };
    button("Put it back", () => putBack(key));
    button("Discard it", () => {
      forget(ofHere().filter((other) => other !== ownKey));
      box.remove();
    });
    box.append(words, buttons);
    form.prepend(box);
  };

  const keep = (stored) => {
    const fields = content();
    if (isSignedOut || fields === stored || fields.length > Number(longest)) {
      sessionStorage.removeItem(ownKey);
      return;
    }
    if (text(ownKey)?.fields === fields) {
      return;
    }
    forget(newestFirst(keys().filter((key) => key !== ownKey)).slice(MOST_TEXTS - 1));
    try {
      sessionStorage.setItem(ownKey, JSON.stringify({ at: Date.now(), fields }));
    } catch {
      // The browser's room is used up. The answers of the server keep the text all the same.
    }
  };

  const start = () => {
    const isTyped = form.querySelector(".error-summary, .kept-notice");
    const stored = isTyped ? "" : content();
    const found = newestFirst(ofHere());
    const [navigation] = performance.getEntriesByType("navigation");
    hidden(form, "_form_number", number);
    if (isTyped) {
      forget(found);
    } else if (found.length && text(found[0]).fields === stored) {
      forget(found);
    } else if (found.length && navigation.type !== "navigate") {
      putBack(found[0]);
      return;
    } else if (found.length) {
      offer(found[0]);
    }
    setInterval(() => keep(stored), EVERY_MILLISECONDS);
    window.addEventListener("pagehide", () => keep(stored));
  };

  const isFormItself = form?.elements._typed_by && !form.querySelector(".kept-text");
  if (isFormItself && user) {
    start();
  }
}
