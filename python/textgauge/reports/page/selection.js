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
  const key = Float64Array.from(places, keys[chosen.sort]);
  const sign = chosen.descending ? -1 : 1;
  const indexes = Uint32Array.from(places, (_, index) => index);
  // Rows without a score come last, either way.
  indexes.sort((left, right) => {
    const [one, other] = [key[left], key[right]];
    if (one !== one || other !== other) return (one !== one) - (other !== other) || left - right;
    return sign * (one - other) || left - right;
  });
  return indexes.map((index) => places[index]);
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
