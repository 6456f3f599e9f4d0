// The order of items: another one for every rater, the same one whenever that rater comes back.

const hashText = (text) => {
  let hash = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  return hash >>> 0;
};

const randomFrom = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const shuffled = (values, random) => {
  const out = values.slice();
  for (let last = out.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [out[last], out[other]] = [out[other], out[last]];
  }
  return out;
};

// Some items come a second time, far enough behind the first that nobody remembers.
const withRepeats = (units, count, random) => {
  const gap = Math.min(20, Math.floor(units.length / 2));
  const early = units.slice(0, units.length - gap).filter((unit) => unit.kind === "item");
  const chosen = shuffled(early, random).slice(0, count);
  const late = chosen.map((unit) => {
    const from = units.indexOf(unit) + gap + 1;
    return { unit: { ...unit, kind: "repeat" },
             at: from + Math.floor(random() * (units.length - from + 1)) };
  });
  const out = units.slice();
  late.sort((a, b) => b.at - a.at);
  for (const { unit, at } of late) out.splice(at, 0, unit);
  return out;
};

const unitsFor = (data, rater) => {
  const random = randomFrom(hashText(`${data.plan}\n${data.page}\n${rater}`));
  const units = data.items.map((item, index) => ({ index, id: item.id, kind: item.kind }));
  const order = data.shuffle ? shuffled(units, random) : units;
  return withRepeats(order, data.repeats, random);
};
