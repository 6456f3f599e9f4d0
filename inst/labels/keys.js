// The keyboard: every action without a mouse. While a text field is written in, keys belong to it.

const isField = (node) => ["INPUT", "TEXTAREA", "SELECT"].includes(node.tagName);
const isPressable = (node) => ["BUTTON", "A", "SUMMARY"].includes(node.tagName);

// Focus moves before the key does what keys do: the digit is typed into the field.
const typeScore = () => {
  const field = document.querySelector(".step.current .typed");
  field.value = "";
  field.focus();
};

const chooseByKey = (key) => {
  const step = app.steps[app.step];
  const choice = choicesOf(step)[optionKeys.indexOf(key)];
  if (!optionKeys.includes(key) || choice === undefined) return false;
  choose(step, choice.value);
  return true;
};

const actionKeys = {
  u: undo, s: skip, c: cannotTell, n: () => byId("note").focus(),
  arrowleft: () => move(-1), arrowright: () => move(1),
  enter: () => confirm(app.steps[app.step]),
};

const onKey = (event) => {
  const key = event.key.toLowerCase();
  if (isField(event.target)) {
    if (key === "escape") byId("place")?.focus();
    return;
  }
  if (event.altKey || event.repeat || app.book === null) return;
  if ((event.ctrlKey || event.metaKey) && key !== "z") return;
  if (key === "enter" && isPressable(event.target)) return;
  const takesBack = key === "u" || (key === "z" && (event.ctrlKey || event.metaKey));
  if (takesBack) undo();
  else if (app.position < 0) return;
  else if (isTyped(app.steps[app.step]) && /^[0-9.-]$/.test(key)) {
    typeScore();
    return;
  }
  else if (!chooseByKey(key)) {
    if (!(key in actionKeys)) return;
    actionKeys[key]();
  }
  event.preventDefault();
};
