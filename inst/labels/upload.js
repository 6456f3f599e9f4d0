// A download read back: answers move to another browser or come out of a private window.

const problemOfFile = (file, data, rater) => {
  if (file === null || typeof file !== "object" || file.format !== data.format ||
      !Array.isArray(file.labels)) return "This is no JSON file downloaded from a label page.";
  if (file.version !== data.version) return "This file is of another version of label pages.";
  if (file.plan !== data.plan || file.page !== data.page) {
    return "These are answers to another page.";
  }
  if (file.rater !== rater) return `These are the answers of ${file.rater}, not of ${rater}.`;
  return null;
};

const answerOfRow = ({ status, label, set, score }) => ({ status, label, set, score });

// Rows by item as records, by their key.
const recordsOfFile = (file, data) => {
  const indices = new Map(data.items.map((item, index) => [item.id, index]));
  const names = data.task.questions.map((question) => question.name);
  const found = new Map();
  for (const row of file.labels) {
    if (!row || !indices.has(row.item_id) || !names.includes(row.question)) continue;
    const key = `${row.kind === "repeat" ? "r" : "i"}${indices.get(row.item_id)}`;
    if (!found.has(key)) {
      found.set(key, { answers: {}, note: row.note, seconds: row.seconds, order: row.order,
                       at: row.at });
    }
    if (row.status !== null) found.get(key).answers[row.question] = answerOfRow(row);
  }
  return found;
};

// Of two answers to an item the later one counts, and any answer before a note alone.
const takeRecords = (found, book) => {
  let taken = 0;
  for (const [key, record] of found) {
    const position = book.positionOfKey(key);
    if (position === undefined || !isRecord(record)) continue;
    const here = book.records[position];
    if (here.at !== null && (record.at === null || here.at >= record.at)) continue;
    if (record.at === null && here.note !== "") continue;
    book.records[position] = record;
    book.save(position);
    taken += 1;
  }
  return taken;
};

const takeFile = (text, data, book, rater) => {
  let file;
  try { file = JSON.parse(text.replace(/^\uFEFF/, "")); } catch (error) { file = null; }
  const problem = problemOfFile(file, data, rater);
  if (problem) return problem;
  const found = recordsOfFile(file, data);
  const taken = takeRecords(found, book);
  return `Took over ${counted(taken, "item")} of ${found.size}${
    taken < found.size ? "; the others have the same or later answers here" : ""}.`;
};
