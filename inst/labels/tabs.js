// The same page in two tabs: both write into the same store, one entry per item, and each takes
// over what the other has written.

const otherTab = () => notice("tab", "This page is also open in another tab or window. Answers " +
  "given there appear here; of two answers to an item the later one counts.");

const takeOver = (position) => {
  app.book.load(position);
  if (position !== app.position) {
    refreshStatus();
    return;
  }
  if (document.activeElement !== byId("note")) byId("note").value = recordHere().note;
  refresh();
};

const onStorage = (event) => {
  if (app.book === null) return;
  if (event.key === null) {
    app.book.reconcile(); // emptied from outside
    refreshStatus();
    return;
  }
  if (!event.key.startsWith(app.store.prefix)) return;
  const key = event.key.slice(app.store.prefix.length);
  if (key === "opened") app.store.put("seen", String(Math.random())); // answers the newcomer
  if (key === "opened" || key === "seen") otherTab();
  const position = app.book.positionOfKey(key);
  if (position !== undefined) takeOver(position);
};

// Where browsers do not tell tabs of each other, coming back to a tab brings it up to date.
const onReturn = () => {
  if (document.hidden || app.book === null || app.store.unsaved() > 0) return;
  app.book.reconcile();
  if (app.position >= 0) refresh();
  else refreshStatus();
};

const watchTabs = () => {
  window.addEventListener("storage", onStorage);
  document.addEventListener("visibilitychange", onReturn);
};
