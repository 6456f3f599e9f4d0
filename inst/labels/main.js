// From the data in the page to the first item.

const startLabelling = (data, rater) => {
  app.data = data;
  app.rater = rater;
  app.store = openStore(`judicious:${data.plan}:${data.page}:${rater}:`);
  app.book = openRecords(data, unitsFor(data, rater), app.store);
  app.steps = stepsOf(data.task.questions);
  app.timer = makeTimer();
  frame(data);
  app.store.put("opened", String(Math.random())); // tells other tabs; tries the store, too
  go(nextPosition());
};

// Leaving is asked back only while answers are in this tab and nowhere else.
const onLeaving = (event) => {
  if (app.book === null) return;
  leave();
  if (!app.store.flush()) event.preventDefault();
};

const data = JSON.parse(byId("data").textContent);
document.addEventListener("keydown", onKey);
window.addEventListener("beforeunload", onLeaving);
watchTabs();
showStart(data, (rater) => startLabelling(data, rater));
