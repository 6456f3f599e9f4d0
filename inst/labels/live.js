// The interval to expect at the end, from widths that R has computed: one row per rate (or a single
// one), one column per number of labels. Between them, straight lines in log(n).

const between = (grid, value) => {
  const last = grid.length - 1;
  if (last === 0 || value <= grid[0]) return { low: 0, high: 0, share: 0 };
  if (value >= grid[last]) return { low: last, high: last, share: 0 };
  const high = grid.findIndex((entry) => entry > value);
  return { low: high - 1, high, share: (value - grid[high - 1]) / (grid[high] - grid[high - 1]) };
};

const mix = (a, b, share) => a + (b - a) * share;

const halfWidthAt = (live, n, rate) => {
  const column = between(live.n.map(Math.log), Math.log(n));
  const row = live.rates ? between(live.rates, rate) : { low: 0, high: 0, share: 0 };
  const along = (k) => mix(live.half[k][column.low], live.half[k][column.high], column.share);
  return mix(along(row.low), along(row.high), row.share);
};

// Labels of the first question, without gold and repeated items.
const tally = (data, book) => {
  const question = data.task.questions[0];
  const seen = { planned: 0, labelled: 0, lost: 0, positive: 0, scores: [] };
  book.units.forEach((unit, position) => {
    if (unit.kind !== "item") return;
    seen.planned += 1;
    const answer = book.records[position].answers[question.name];
    if (!answer || answer.status === null) return;
    if (answer.status !== "labelled") { seen.lost += 1; return; }
    seen.labelled += 1;
    if (question.positive.includes(answer.label)) seen.positive += 1;
    if (answer.score !== null) seen.scores.push(answer.score);
  });
  return seen;
};

const spread = (scores) => {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return Math.sqrt(squares / (scores.length - 1));
};

// Too few labels say nothing about their rate.
const fewest = 10;

const expectedHalfWidth = (live, seen) => {
  if (seen.labelled < fewest) return null;
  const usable = seen.labelled / (seen.labelled + seen.lost);
  const n = seen.labelled + (seen.planned - seen.labelled - seen.lost) * usable;
  const rate = (seen.positive + 1) / (seen.labelled + 2);
  return halfWidthAt(live, n, rate) * (live.by === "sd" ? spread(seen.scores) : 1);
};

const halfWidthWords = (live, half) => (live.points
  ? `±${(100 * half).toFixed(1)} points` : `±${half.toPrecision(2)}`);

const liveLine = (data, book) => {
  const seen = tally(data, book);
  const place = `${seen.labelled + seen.lost} of ${seen.planned}`;
  const half = data.live ? expectedHalfWidth(data.live, seen) : null;
  if (half === null || !Number.isFinite(half)) return `${place}.`;
  const about = data.live.by === "worst" ? "at most about" : "about";
  return `${place}; at this rate the interval will be ${about} ${
    halfWidthWords(data.live, half)}.`;
};
