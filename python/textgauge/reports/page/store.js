// What the page holds: numbers at once, texts when they are looked at.

const data = JSON.parse(byId("data").textContent);
const listed = data.sizes.listed;

// The page may still be loading while it is used: its last blocks come later.
const loaded = new Promise((go) => {
  if (document.readyState !== "loading") go();
  else document.addEventListener("DOMContentLoaded", go, { once: true });
});

async function unpack(name) {
  const id = `packed-${name}`;
  if (byId(id) === null) await loaded;
  const stream = new Blob([bytesOf(byId(id).textContent)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  // For browsers from before 2025.
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// Blocks of rows, the last ones kept.
class Blocks {
  constructor(kind, size, kept) {
    this.kind = kind;
    this.size = size;
    this.kept = kept;
    this.cache = new Map();
    this.count = Math.ceil(listed / size);
  }

  // A block as it was packed. `keep` is false for those that are only passed by.
  block(number, keep = true) {
    const known = this.cache.get(number);
    if (known !== undefined) return known;
    const reading = unpack(`${this.kind}-${number}`).then((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
    if (keep) {
      this.cache.set(number, reading);
      if (this.cache.size > this.kept) this.cache.delete(this.cache.keys().next().value);
    }
    return reading;
  }
}

const textBlocks = new Blocks("texts", data.sizes.texts, 40);

// The texts of the row at a place of the list: its name, references, and each system's prediction.
async function textsOf(place) {
  const block = await textBlocks.block(Math.floor(place / textBlocks.size));
  const at = place % textBlocks.size;
  return {
    id: block.ids === null ? null : block.ids[at],
    references: block.references[at],
    predictions: block.predictions.map((column) => column[at]),
  };
}

const explanationBlocks = new Blocks("explanations", data.sizes.explanations, 4);

// Why the row at a place has its scores, for each system.
async function explanationsOf(place) {
  const block = await explanationBlocks.block(Math.floor(place / explanationBlocks.size));
  return block[place % explanationBlocks.size];
}

// For each place of the list the number of its row, its group, and its scores by system and output.
const columns = { rows: null, groups: null, scores: [] };

async function readColumns() {
  columns.rows = new Uint32Array(await unpack("rows"));
  if (data.groups !== null) columns.groups = new Uint32Array(await unpack("groups"));
  columns.scores = await Promise.all(
    data.systems.map((_, system) =>
      Promise.all(data.rowOutputs.map(async (_, at) => new Float32Array(await unpack(`scores-${system}-${at}`)))),
    ),
  );
}

// Whether a difference is a gain: 1, -1, or 0 where there is none or neither direction is better.
function gain(output, difference) {
  if (output.higher === null || !difference) return 0;
  return (difference > 0) === output.higher ? 1 : -1;
}
