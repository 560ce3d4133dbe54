// Moves a part before or after its neighbour: the numbers of their order change places.
"use strict";
{
  const STEP = 10;
  const rowOf = (input) => input.closest("tr, .inline-related");
  const indexOf = (row) => Number(/\d+$/.exec(row.id)?.[0]);
  const inputsIn = (group) => [...group.querySelectorAll('input[name$="-order"]:not([name*="__prefix__"])')];
  const place = (rows, empty) => rows.forEach((row) => empty.before(row));
  const say = document.createElement("p");
  say.className = "visually-hidden";
  say.setAttribute("role", "status");

  // Those without a number stand last, as they are stored.
  const inOrder = (group) =>
    inputsIn(group).sort((one, other) => (Number(one.value) || Infinity) - (Number(other.value) || Infinity) || 0);

  const arrange = (group) => place(inOrder(group).map(rowOf), group.querySelector(".empty-form"));
  // Django renumbers rows in the order of the page, stored rows first.
  const restore = (group) => {
    const rows = inputsIn(group).map(rowOf);
    place(
      rows.sort((one, other) => indexOf(one) - indexOf(other)),
      group.querySelector(".empty-form"),
    );
  };

  const move = (group, input, by) => {
    const inputs = inOrder(group);
    if (inputs.some((each) => !each.value)) {
      inputs.forEach((each, index) => (each.value = STEP * (index + 1)));
    }
    const from = inputs.indexOf(input);
    const other = inputs[from + by];
    if (!other) {
      return;
    }
    [input.value, other.value] = [other.value, input.value];
    arrange(group);
    say.textContent = `Moved to place ${from + by + 1} of ${inputs.length}.`;
  };

  const addButtons = (group, row) => {
    const input = row.querySelector('input[name$="-order"]');
    for (const [sign, name, by] of [
      ["↑", "Move up", -1],
      ["↓", "Move down", 1],
    ]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "button move", textContent: sign, title: name });
      button.setAttribute("aria-label", name);
      button.addEventListener("click", () => {
        move(group, input, by);
        button.focus();
      });
      input.parentElement.append(button);
    }
  };

  for (const group of document.querySelectorAll(".js-inline-admin-formset")) {
    if (!group.querySelector('.empty-form input[name$="-order"]')) {
      continue;
    }
    inputsIn(group).forEach((input) => addButtons(group, rowOf(input)));
    group.addEventListener("formset:added", (event) => addButtons(group, event.target));
    document.addEventListener("formset:removed", (event) => {
      if (`${event.detail.formsetName}-group` === group.id) {
        restore(group);
        queueMicrotask(() => arrange(group));
      }
    });
  }
  document.body.append(say);
}
