// What has been answered: one record per shown item, in memory and in the store.
//   { answers: { question: { status, label, set, score } }, note, seconds, order, at }
// An answer without a status is half given (a forced choice whose response set is still missing).

const emptyRecord = () => ({ answers: {}, note: "", seconds: 0, order: null, at: null });

const isText = (value) => value === null || typeof value === "string";

const isAnswer = (answer) => answer && typeof answer === "object" &&
  [null, "labelled", "skipped", "cannot_tell"].includes(answer.status) && isText(answer.label) &&
  (answer.set === null || (Array.isArray(answer.set) && answer.set.every(isText))) &&
  (answer.score === null || Number.isFinite(answer.score));

const isRecord = (record) => record && typeof record === "object" && record.answers &&
  typeof record.answers === "object" && Object.values(record.answers).every(isAnswer) &&
  typeof record.note === "string" && Number.isFinite(record.seconds);

const openRecords = (data, units, store) => {
  const records = units.map(emptyRecord);
  let unreadable = 0;

  const keyOf = (position) => {
    const unit = units[position];
    return `${unit.kind === "repeat" ? "r" : "i"}${unit.index}`;
  };
  const positions = new Map(units.map((unit, position) => [keyOf(position), position]));

  const load = (position) => {
    const stored = store.get(keyOf(position), records[position]);
    if (stored === null) records[position] = emptyRecord();
    else if (isRecord(stored)) records[position] = stored;
    else unreadable += 1;
  };

  const isEmpty = (record) => record.note === "" && Object.keys(record.answers).length === 0;
  const save = (position) => {
    const record = records[position];
    return store.put(keyOf(position), isEmpty(record) ? null : record);
  };

  // What only the store has comes here, what only memory has goes there: nothing is lost when
  // somebody empties the one or the other.
  const reconcile = () => records.forEach((record, position) => {
    const stored = store.get(keyOf(position), null);
    if (isRecord(stored)) records[position] = stored;
    else if (!isEmpty(record)) save(position);
  });

  const statusOf = (position, question) => records[position].answers[question.name]?.status ?? null;
  const isDone = (position) => data.task.questions.every((question) =>
    statusOf(position, question) !== null);
  const nextOrder = () => 1 +
    records.reduce((most, record) => Math.max(most, record.order ?? 0), 0);

  // The time and the place of a record in the order of answers are those of its latest answer.
  const stamp = (position, seconds) => {
    const record = records[position];
    record.order = nextOrder();
    record.at = new Date().toISOString();
    record.seconds = Math.round(seconds * 10) / 10;
  };

  const clear = (position, question) => {
    const record = records[position];
    if (question) delete record.answers[question.name];
    else record.answers = {};
    if (Object.keys(record.answers).length === 0) {
      record.order = null;
      record.at = null;
    }
    save(position);
  };

  // The position answered last, or -1.
  const latest = () => records.reduce((best, record, position) =>
    ((record.order ?? 0) > (records[best]?.order ?? 0) ? position : best), -1);

  const count = (test) => units.reduce((n, unit, position) => n + (test(position) ? 1 : 0), 0);
  const isSkipped = (position) => data.task.questions.some((question) =>
    statusOf(position, question) === "skipped");

  units.forEach((unit, position) => load(position));
  return {
    units, records, load, save, reconcile, statusOf, isDone, isSkipped, stamp, clear, latest, count,
    positionOfKey: (key) => positions.get(key), unreadable: () => unreadable,
  };
};
