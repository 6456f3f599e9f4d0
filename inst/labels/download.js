// Answers as files: JSON for judicious, CSV for everything else, one row per item and question.

const noAnswer = { label: null, set: null, score: null, status: null };

// A note is kept also where nothing has been answered yet.
const rowsOf = (data, book) => book.units.flatMap((unit, position) => {
  const record = book.records[position];
  const answered = data.task.questions.filter((question) =>
    book.statusOf(position, question) !== null);
  const noted = record.note === "" ? [] : data.task.questions.slice(0, 1);
  return (answered.length > 0 ? answered : noted).map((question) => {
    const answer = answered.length > 0 ? record.answers[question.name] : noAnswer;
    return {
      item_id: unit.id, question: question.name, label: answer.label, set: answer.set,
      score: answer.score, status: answer.status, note: record.note, seconds: record.seconds,
      order: record.order, at: record.at, kind: unit.kind,
    };
  });
}).sort((a, b) => (a.order ?? Number.MAX_VALUE) - (b.order ?? Number.MAX_VALUE));

// The count tells a whole file from one that was cut and still is JSON.
const asJson = (data, book, rater) => {
  const labels = rowsOf(data, book);
  return JSON.stringify({
    format: data.format, version: data.version, plan: data.plan, page: data.page, task: data.task,
    rater, count: labels.length, labels,
  }, null, 1);
};

const csvColumns = ["plan", "rater", "item_id", "question", "label", "set", "score", "status",
                    "note", "seconds", "order", "at", "kind"];

// Spreadsheets compute what begins like a formula; an apostrophe makes it text.
const csvCell = (value) => {
  if (value === null || value === undefined) return "";
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r']/.test(text)) text = `'${text}`;
  return /[",;\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const asCsv = (data, book, rater) => {
  const lines = rowsOf(data, book).map((row) => {
    const cells = { ...row, plan: data.plan, rater, set: row.set && row.set.join("|") };
    return csvColumns.map((column) => csvCell(cells[column])).join(",");
  });
  // The mark at the beginning tells Excel that this is UTF-8.
  return `\uFEFF${[csvColumns.join(","), ...lines].join("\r\n")}\r\n`;
};

const fileName = (data, rater, extension) => {
  const who = rater.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "rater";
  return `labels-${who}-${data.plan.slice(4, 12)}.${extension}`;
};

const offerFile = (text, name, type) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};
