// What of two texts is matched, read off an explanation. `textgauge.explanations` says what it holds.

const SEPARATOR = "\u001f";

function tokensOf(form, characters) {
  if (Array.isArray(form)) return form;
  return characters ? Array.from(form) : form.split(SEPARATOR);
}

// The tokens of the prediction and of the reference that are in matched n-grams of an order. Of repeated n-grams the
// first ones count, as many as both texts have, or each once.
function inNgrams(prediction, reference, order, once) {
  const [left, right] = [prediction, reference].map((tokens) => ngramsOf(tokens, order));
  const shared = new Map();
  for (const [ngram, places] of left) {
    const most = Math.min(places.length, right.get(ngram)?.length ?? 0);
    if (most > 0) shared.set(ngram, once ? 1 : most);
  }
  return [
    [prediction, left],
    [reference, right],
  ].map(([tokens, ngrams]) => {
    const marks = new Array(tokens.length).fill(false);
    for (const [ngram, count] of shared) {
      for (const start of ngrams.get(ngram).slice(0, count)) marks.fill(true, start, start + order);
    }
    return marks;
  });
}

// Where each n-gram begins.
function ngramsOf(tokens, order) {
  const found = new Map();
  for (let start = 0; start + order <= tokens.length; start++) {
    const ngram = tokens.slice(start, start + order).join(SEPARATOR);
    if (found.has(ngram)) found.get(ngram).push(start);
    else found.set(ngram, [start]);
  }
  return found;
}

function inRun([first, second, length], sizes) {
  return [first, second].map((start, side) => new Array(sizes[side]).fill(false).fill(true, start, start + length));
}

function shiftedTokens(tokens, shifts) {
  const shifted = [...tokens];
  for (const [start, middle, end] of shifts) {
    shifted.splice(start, end - start, ...shifted.slice(middle, end), ...shifted.slice(start, middle));
  }
  return shifted;
}

// Edits such as "3=1S2D": for each stretch its kind, its tokens of the reference and those of the prediction.
function stretches(edits, prediction, reference) {
  let [i, j] = [0, 0];
  return [...edits.matchAll(/(\d+)([=SDI])/g)].map(([, digits_, kind]) => {
    const count = Number(digits_);
    const wanted = reference.slice(i, kind === "I" ? i : i + count);
    const written = prediction.slice(j, kind === "D" ? j : j + count);
    i += wanted.length;
    j += written.length;
    return { kind, wanted, written };
  });
}
