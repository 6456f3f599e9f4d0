// The questions of an item and the ways to answer them. A question is one step, or two: a forced
// choice and then the set of all reasonable answers.

const reservedKeys = "uscn"; // undo, skip, cannot tell, note
const optionKeys = [..."123456789", ..."abcdefghijklmnopqrstuvwxyz"]
  .filter((key) => !reservedKeys.includes(key));

const stepsOf = (questions) => questions.flatMap((question) =>
  (question.answer === "both" ? ["choice", "set"] : [question.answer])
    .map((mode) => ({ question, mode })));

const scoresOf = (scale) => {
  const count = Math.round((scale.to - scale.from) / scale.step) + 1;
  // Counted up in whole steps and rounded: 0.1 + 0.2 is no score.
  return Array.from({ length: count }, (_, k) =>
    Number((scale.from + k * scale.step).toPrecision(12)));
};

// Scales with many scores are typed in.
const isTyped = ({ question, mode }) => mode === "score" && scoresOf(question.scale).length > 11;

const choicesOf = ({ question, mode }) => (mode === "score"
  ? scoresOf(question.scale).map((score) => ({ value: score, text: String(score) }))
  : question.options.map((option, k) => ({
    value: option, text: option, description: question.descriptions[k],
  })));

const isAdmissible = (question, set) => set.length > 0 && (question.sets === null ||
  question.sets.some((other) => other.length === set.length &&
    other.every((option) => set.includes(option))));

const isStepDone = ({ mode }, answer) => {
  if (!answer) return false;
  if (answer.status !== null) return true;
  return mode === "choice" && answer.label !== null;
};

const isChosen = ({ mode }, answer, value) => {
  if (!answer) return false;
  if (mode === "set") return (answer.set ?? []).includes(value);
  return (mode === "score" ? answer.score : answer.label) === value;
};

const stepWords = { choice: "Choose one.", set: "Choose all that are reasonable, then go on." };
const scoreWords = ({ from, to }) => `From ${from} to ${to}.`;

const endsOfScale = ({ low, high }) => (low || high
  ? make("p", { class: "ends" }, make("span", { dir: "auto" }, low ?? ""),
    make("span", { dir: "auto" }, high ?? ""))
  : null);

const choiceButton = (step, choice, key, onChoose) => make("button", {
  type: "button", class: "choice", "data-value": choice.value, "aria-pressed": "false",
  "aria-keyshortcuts": key ?? null, click: () => onChoose(step, choice.value),
},
key ? make("kbd", { "aria-hidden": "true" }, key) : null,
make("span", { class: "name", dir: "auto" }, choice.text),
choice.description ? make("span", { class: "description", dir: "auto" }, choice.description)
  : null);

const typedScore = (step, title, onChoose) => {
  const { from, to, step: by } = step.question.scale;
  const field = make("input", { type: "number", class: "typed", min: from, max: to, step: by,
                                required: true, "aria-labelledby": title });
  const submit = (event) => {
    event.preventDefault(); // comes only with a number that the field takes
    onChoose(step, Number(field.value));
  };
  return make("form", { class: "choices", submit }, field,
    make("button", { class: "enter" }, "Go on"));
};

const choiceButtons = (step, onChoose) => make("div", { class: "choices" },
  ...choicesOf(step).map((choice, k) => choiceButton(step, choice, optionKeys[k], onChoose)));

const stepNode = (step, number, handlers) => {
  const { question, mode } = step;
  const title = `question-${number}`;
  const second = question.answer === "both" && mode === "set";
  return make("div", { class: `step mode-${mode}`, role: "group", "aria-labelledby": title },
    make("h2", { id: title }, make("span", { dir: "auto" }, second
      ? "Which answers are reasonable?" : question.text),
    make("small", {}, stepWords[mode] ?? scoreWords(question.scale))),
    isTyped(step) ? typedScore(step, title, handlers.choose) : choiceButtons(step, handlers.choose),
    mode === "score" ? endsOfScale(question.scale) : null,
    mode === "set" ? make("button", { type: "button", class: "confirm",
      "aria-keyshortcuts": "Enter", click: () => handlers.confirm(step) }, "Go on") : null);
};

// Brings what a step shows in line with its answer, without making it anew: focus stays.
const refreshStep = (node, step, answer, current) => {
  node.classList.toggle("current", current);
  for (const [k, button] of [...node.querySelectorAll(".choice")].entries()) {
    button.setAttribute("aria-pressed", isChosen(step, answer, choicesOf(step)[k].value));
  }
  const typed = node.querySelector(".typed");
  if (typed && document.activeElement !== typed) typed.value = answer?.score ?? "";
  const confirm = node.querySelector(".confirm");
  if (confirm) confirm.disabled = !isAdmissible(step.question, answer?.set ?? []);
};
