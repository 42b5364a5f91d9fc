// Which rows are listed, and in which order.

const several = data.systems.length > 1;

// What was chosen. `output` is an index of `data.rowOutputs`, `a` and `b` of `data.systems`; ranges are of scores.
const chosen = {
  output: 0,
  a: 0,
  b: several ? 1 : 0,
  sort: "file",
  descending: false,
  group: null,
  verdict: "all",
  text: "",
  ranges: [],
};

// The places of the listed rows, in order; listeners hear of changes.
let order = new Uint32Array(0);
const listeners = [];

// Which places hold the searched text; null if none is searched.
let found = null;

function output() {
  return data.rowOutputs[chosen.output];
}

function scoresOf(system, at = chosen.output) {
  return columns.scores[system][at];
}

function choose(changes) {
  Object.assign(chosen, changes);
  refresh();
}

function refresh() {
  order = sorted(filtered());
  for (const listener of listeners) listener();
}

function filtered() {
  const a = scoresOf(chosen.a);
  const b = scoresOf(chosen.b);
  const wanted = { better: 1, worse: -1, equal: 0 }[chosen.verdict];
  const ranges = chosen.ranges.map((range) => ({ ...range, scores: scoresOf(range.system, range.output) }));
  const places = new Uint32Array(listed);
  let count = 0;
  for (let place = 0; place < listed; place++) {
    if (found !== null && !found[place]) continue;
    if (chosen.group !== null && columns.groups[place] !== chosen.group) continue;
    if (wanted !== undefined && gain(output(), b[place] - a[place]) !== wanted) continue;
    if (ranges.some(({ scores, low, high }) => !(scores[place] >= low && scores[place] <= high))) continue;
    places[count++] = place;
  }
  return places.subarray(0, count);
}

// Comparing a hundred thousand rows by a function would take a blink of an eye too long. So each row becomes one number,
// the rank of its score and behind it its own index, and numbers are sorted as they are.
const MOST_ROWS = 2 ** 20;

function sorted(places) {
  const a = scoresOf(chosen.a);
  const b = scoresOf(chosen.b);
  const keys = {
    file: (place) => place,
    a: (place) => a[place],
    b: (place) => b[place],
    difference: (place) => b[place] - a[place],
    group: (place) => columns.groups[place],
  };
  const values = Float32Array.from(places, keys[chosen.sort]);
  const bits = new Uint32Array(values.buffer);
  const numbers = Float64Array.from(bits, (each, index) => {
    const rank = Number.isNaN(values[index]) ? 2 ** 32 : rankOf(each);
    return rank * MOST_ROWS + index;
  });
  numbers.sort();
  return Uint32Array.from(numbers, (number) => places[number % MOST_ROWS]);
}

// The bits of a float as a whole number that is the larger the larger the float is, or the smaller if rows descend.
// Rows without a score come last, either way.
function rankOf(bits) {
  const rising = bits < 2 ** 31 ? bits + 2 ** 31 : 2 ** 32 - 1 - bits;
  return chosen.descending ? 2 ** 32 - 1 - rising : rising;
}

// Search reads all texts, block by block, and lets the page live in between. A new search ends the one before.
let searches = 0;

async function search(text) {
  const own = ++searches;
  chosen.text = text;
  const wanted = text.toLowerCase();
  if (wanted === "") {
    found = null;
    refresh();
    return;
  }
  const now = new Uint8Array(listed);
  found = now;
  let told = performance.now();
  for (let number = 0; number < textBlocks.count; number++) {
    const block = await textBlocks.block(number, false);
    if (own !== searches) return;
    searchBlock(block, wanted, now.subarray(number * textBlocks.size));
    if (performance.now() - told > 250) {
      told = performance.now();
      searching = (number + 1) / textBlocks.count;
      refresh();
    }
    await pause();
    if (own !== searches) return;
  }
  searching = null;
  refresh();
}

// How much of the texts is searched; null if nothing is being searched.
let searching = null;

function searchBlock(block, wanted, marks) {
  const has = (text) => text !== null && text.toLowerCase().includes(wanted);
  for (let at = 0; at < block.references.length; at++) {
    const texts = block.references[at];
    marks[at] =
      texts.some(has) || block.predictions.some((column) => has(column[at])) || (block.ids !== null && has(block.ids[at]));
  }
}
