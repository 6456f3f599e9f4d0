// What stands above and below the item: how far one is, whether all is saved, what went wrong.

const notice = (id, text) => {
  const box = byId("notices");
  const old = byId(`notice-${id}`);
  if (text === null || text === "") {
    old?.remove();
    return;
  }
  if (old && old.textContent === text) return;
  old?.remove();
  box.append(make("p", { id: `notice-${id}`, class: "notice" }, text));
};

const troubleWords = {
  full: "The browser's storage is full. Answers from now on are kept in this tab only: download " +
    "them before you close it, or free storage and answer on.",
  closed: "This browser does not let the page store anything (a private window, or storage is " +
    "switched off). Answers are kept in this tab only: download them before you close it.",
};

const savedWords = () => {
  const n = app.book.records.filter((record) => record.order !== null).length;
  if (app.store.trouble() !== null) return `${n} answered; not all saved in this browser.`;
  return `${n} answered, all saved in this browser. A private window forgets them on closing.`;
};

const unreadableWords = () => {
  const n = app.book.unreadable();
  return n === 0 ? null : `${counted(n, "stored answer")} could not be read; please give ${
    n === 1 ? "it" : "them"} again.`;
};

const refreshStatus = () => {
  const done = app.book.count(app.book.isDone);
  const progress = byId("progress");
  progress.max = app.book.units.length;
  progress.value = done;
  byId("live").textContent = liveLine(app.data, app.book);
  byId("saved").textContent = savedWords();
  notice("storage", app.store.trouble() && troubleWords[app.store.trouble()]);
  notice("unreadable", unreadableWords());
};

const stopRule = (data) => {
  const planned = data.items.filter((item) => item.kind === "item").length;
  return `Label all ${planned}: that number was planned before the first label, and the ` +
    "interval's guarantee rests on it. Stopping because the interval looks good enough would " +
    "break it. If you have to stop earlier, do so for a reason that has nothing to do with the " +
    "answers.";
};

const download = (extension) => {
  const { data, book, rater } = app;
  const text = extension === "json" ? asJson(data, book, rater) : asCsv(data, book, rater);
  offerFile(text, fileName(data, rater, extension),
    extension === "json" ? "application/json" : "text/csv");
  say(`${fileName(data, rater, extension)} is in your downloads.`);
};

const readUpload = async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const words = takeFile(await file.text(), app.data, app.book, app.rater);
  notice("upload", words);
  event.target.value = "";
  go(nextPosition());
};

const fileButtons = () => make("div", { class: "files" },
  make("button", { type: "button", id: "json", click: () => download("json") }, "Download JSON"),
  make("button", { type: "button", id: "csv", click: () => download("csv") }, "Download CSV"),
  make("label", { class: "upload" }, "Take over a downloaded JSON file ",
    make("input", { type: "file", id: "upload", accept: ".json", change: readUpload })));
