// Has the browser ask before a form of the desk is left with something typed and not saved.
"use strict";
{
  const form = document.querySelector("#content-main > form");
  // Forms filled by an earlier visit (Back) or sent back with an error hold unsaved text already.
  const isTyped = (field) =>
    field.type === "checkbox"
      ? field.checked !== field.defaultChecked
      : /^(text|textarea|date|url|number)$/.test(field.type) && field.value !== field.defaultValue;
  const content = () => new URLSearchParams(new FormData(form)).toString();
  let stored;
  let isSent = false;

  if (form) {
    stored = form.querySelector(".error-summary, .kept-notice") || [...form.elements].some(isTyped) ? "" : content();
    form.addEventListener("submit", (event) => {
      // A preview opens in a tab of its own; what was typed stays here.
      isSent = event.submitter?.formTarget !== "_blank";
    });
    window.addEventListener("pageshow", () => {
      isSent = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (!isSent && content() !== stored) {
        event.preventDefault();
      }
    });
  }
}
