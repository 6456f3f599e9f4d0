// What a rater can do with an item. Every answer goes to the store before anything else happens.

const app = { data: null, rater: null, store: null, book: null, steps: [], timer: null,
              position: -1, step: 0, wasDone: false };

const recordHere = () => app.book.records[app.position];
const answerTo = (step) => recordHere().answers[step.question.name];
const isOpen = (step) => !isStepDone(step, answerTo(step));

const keep = (step, changes) => {
  const blank = { status: null, label: null, set: null, score: null };
  recordHere().answers[step.question.name] = { ...blank, ...answerTo(step), ...changes };
  app.book.stamp(app.position, app.timer.read());
  app.book.save(app.position);
};

// The next item without an answer, from here on and then from the start; -1 if there is none.
const nextPosition = () => {
  const count = app.book.units.length;
  for (let ahead = 1; ahead <= count; ahead += 1) {
    const position = (app.position + ahead + count) % count;
    if (!app.book.isDone(position)) return position;
  }
  return -1;
};

const leave = () => {
  if (app.position < 0) return;
  const record = recordHere();
  if (record.order !== null) {
    record.seconds = Math.round(app.timer.read() * 10) / 10;
    app.book.save(app.position);
  }
};

const go = (position) => {
  app.position = position;
  if (position < 0) {
    showEnd();
    return;
  }
  app.timer.restart(recordHere().seconds);
  app.wasDone = app.book.isDone(position);
  app.step = Math.max(0, app.steps.findIndex(isOpen));
  showItem();
};

// On to the first open step; on an item that had been answered before, to the next step.
const goOn = (step) => {
  const open = app.steps.findIndex(isOpen);
  const after = app.steps.indexOf(step) + 1;
  if (open >= 0) app.step = open;
  else if (app.wasDone && after < app.steps.length) app.step = after;
  else {
    go(nextPosition());
    return;
  }
  refresh();
};

const statusWords = (step) => {
  const { status, label, set, score } = answerTo(step);
  if (status === "skipped") return "skipped";
  if (status === "cannot_tell") return "cannot tell";
  return step.mode === "set" ? set.join(", ") : String(label ?? score);
};

const saved = (step) => {
  say(`Saved: ${statusWords(step)}.`);
  goOn(step);
};

const choose = (step, value) => {
  if (step.mode === "set") {
    toggle(step, value);
    return;
  }
  if (step.mode === "score") keep(step, { status: "labelled", score: value });
  else if (step.question.answer === "both") {
    const given = answerTo(step)?.set ?? null;
    keep(step, { status: given ? "labelled" : null, label: value });
  } else keep(step, { status: "labelled", label: value });
  saved(step);
};

// In the order of the options, so that the same set is always the same text. A set that is being
// changed is no answer until it is confirmed.
const toggle = (step, value) => {
  const given = answerTo(step)?.set ?? [];
  const set = step.question.options.filter((option) =>
    (option === value) !== given.includes(option));
  keep(step, { status: null, set });
  app.step = app.steps.indexOf(step);
  say(`${value}: ${set.includes(value) ? "chosen" : "not chosen"}.`);
  refresh();
};

const confirm = (step) => {
  if (step.mode !== "set") {
    if (isStepDone(step, answerTo(step))) goOn(step);
    return;
  }
  const { question } = step;
  const answer = answerTo(step);
  if (!isAdmissible(question, answer?.set ?? [])) {
    say(question.sets === null ? "Choose at least one."
      : `These cannot stand together. Possible: ${question.sets.map((set) => set.join(" + "))
        .join("; ")}.`);
    return;
  }
  if (question.answer === "both" && answer.label === null) {
    say("The choice before is still open.");
    app.step = app.steps.findIndex(isOpen);
    refresh();
    return;
  }
  keep(step, { status: "labelled" });
  saved(step);
};

const cannotTell = () => {
  const step = app.steps[app.step];
  keep(step, { status: "cannot_tell", label: null, set: null, score: null });
  saved(step);
};

// All that is open on this item is skipped; what has been answered stays.
const skip = () => {
  const open = app.steps.filter((step) => !answerTo(step) || answerTo(step).status === null);
  for (const step of open) {
    keep(step, { status: "skipped", label: null, set: null, score: null });
  }
  if (open.length > 0) say("Skipped.");
  go(nextPosition());
};

// Takes back the latest answer: on this item if it is half answered, else of the item before.
const undo = () => {
  const here = app.position >= 0 && Object.keys(recordHere().answers).length > 0;
  const position = here && !app.wasDone ? app.position : app.book.latest();
  if (position < 0) {
    say("There is nothing to undo.");
    return;
  }
  app.book.clear(position);
  say("Taken back.");
  go(position);
};

const note = (text) => {
  recordHere().note = text;
  app.book.save(app.position);
  refreshStatus();
};

const move = (by) => {
  const position = app.position + by;
  if (app.position < 0 || position < 0 || position >= app.book.units.length) return;
  leave();
  go(position);
};
