// The three screens: before, during and after.

const titleNode = (data) => make("h1", { dir: "auto" }, data.title);

const raterField = (data, onStart) => {
  if (data.raters?.length === 1) {
    return make("button", { type: "button", id: "start", class: "main",
      click: () => onStart(data.raters[0]) }, `Start as ${data.raters[0]}`);
  }
  if (data.raters) {
    return make("div", { class: "raters", role: "group", "aria-label": "Who are you?" },
      make("p", {}, "Who are you?"), ...data.raters.map((rater) => make("button", {
        type: "button", class: "rater", click: () => onStart(rater) }, rater)));
  }
  const field = make("input", { id: "rater", required: true, autocomplete: "off", maxlength: 100 });
  const submit = (event) => {
    event.preventDefault();
    if (field.value.trim() !== "") onStart(field.value.trim());
  };
  return make("form", { submit },
    make("label", { for: "rater" }, "Your name or initials"), field,
    make("button", { id: "start", class: "main" }, "Start"));
};

const keyHelp = () => make("p", { class: "help" }, "Keys: ", make("kbd", {}, "1"), " to ",
  make("kbd", {}, "9"), " and letters choose, ", make("kbd", {}, "Enter"), " goes on, ",
  make("kbd", {}, "U"), " takes back, ", make("kbd", {}, "S"), " skips, ",
  make("kbd", {}, "C"), " cannot tell, ", make("kbd", {}, "N"), " note (",
  make("kbd", {}, "Esc"), " leaves it), ", make("kbd", {}, "←"), " ", make("kbd", {}, "→"),
  " other items.");

const showStart = (data, onStart) => {
  byId("app").replaceChildren(make("main", { class: "start" }, titleNode(data),
    ...data.task.questions.filter((question) => question.text !== data.title)
      .map((question) => make("p", { class: "asked", dir: "auto" }, question.text)),
    data.guidelines
      ? make("div", { class: "guidelines content" }, ...markdownNodes(data.guidelines)) : null,
    raterField(data, onStart), keyHelp(),
    make("p", { class: "help" }, "Every answer is kept in this browser at once; nothing is sent " +
      "anywhere. At the end, or at any time, download your answers and send the file back."),
    make("p", { class: "help" }, stopRule(data))));
  (byId("rater") ?? document.querySelector("main button")).focus();
};

const frame = (data) => {
  byId("app").replaceChildren(
    make("header", {}, titleNode(data),
      make("progress", { id: "progress", "aria-label": "Items answered" }),
      make("p", { id: "live" })),
    make("div", { id: "notices", role: "alert" }),
    make("p", { id: "said", role: "status", "aria-live": "polite" }),
    make("main", { id: "screen" }),
    make("footer", {}, make("p", { id: "saved" }), fileButtons(),
      make("details", { "aria-label": "Help" }, make("summary", {}, "When to stop, and keys"),
        make("p", {}, stopRule(data)), keyHelp())),
  );
};

const actionButton = (id, words, key, action) => make("button", {
  type: "button", id, class: "action", "aria-keyshortcuts": key, click: action,
}, make("kbd", { "aria-hidden": "true" }, key.toUpperCase()), words);

const actionBar = () => make("div", { class: "actions", role: "group", "aria-label": "Actions" },
  actionButton("undo", "Undo", "u", undo), actionButton("skip", "Skip", "s", skip),
  actionButton("cannot-tell", "Cannot tell", "c", cannotTell));

const noteField = (text) => {
  const field = make("textarea", { id: "note", rows: 2, dir: "auto",
                                   input: () => note(field.value) });
  field.value = text;
  return make("label", { class: "note" }, "Note (N)", field);
};

const showItem = () => {
  const { data, book, steps, position } = app;
  const place = make("p", { id: "place", tabindex: -1 },
    `Item ${position + 1} of ${book.units.length}`);
  byId("screen").className = `label ${data.layout}`;
  byId("screen").replaceChildren(
    make("section", { class: "item", "aria-label": "Item" }, place,
      itemNode(data.items[book.units[position].index], data)),
    make("section", { class: "panel", "aria-label": "Your answer" },
      ...steps.map((step, k) => stepNode(step, k, { choose, confirm })),
      actionBar(), noteField(recordHere().note)),
  );
  refresh();
  window.scrollTo(0, 0);
  place.focus({ preventScroll: true });
};

const refresh = () => {
  if (app.position >= 0) {
    document.querySelectorAll(".step").forEach((node, k) =>
      refreshStep(node, app.steps[k], answerTo(app.steps[k]), k === app.step));
  }
  refreshStatus();
};

const againSkipped = () => {
  const { book, data } = app;
  book.units.forEach((unit, position) => {
    const skipped = data.task.questions.filter((question) =>
      book.statusOf(position, question) === "skipped");
    for (const question of skipped) book.clear(position, question);
  });
  go(nextPosition());
};

const showEnd = () => {
  const skipped = app.book.count(app.book.isSkipped);
  byId("screen").className = "end";
  byId("screen").replaceChildren(
    make("h2", { id: "place", tabindex: -1 }, "All items are answered. Thank you!"),
    make("p", {}, "Download your answers with the button below (JSON keeps everything) and send " +
      "the file to whoever gave you this page."),
    skipped > 0 ? make("button", { type: "button", id: "again", class: "main",
      click: againSkipped }, `Go through ${counted(skipped, "skipped item")} again`) : null,
    make("button", { type: "button", id: "undo", class: "action", click: undo }, "Undo"),
  );
  refreshStatus();
  byId("place").focus();
};
