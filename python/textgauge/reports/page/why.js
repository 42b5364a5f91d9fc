// Why a row has its scores: tokens as a metric saw them, what of them is matched, and the arithmetic.

const KINDS = {
  ngrams: "n-grams",
  distinct: "distinct n-grams",
  lcs: "longest common subsequence",
  union: "union of the longest common subsequences",
  run: "longest common run",
  edits: "edits",
  shifts: "edits after shifts",
};

// What can be looked at: a metric, how it reads texts, and what it matches there.
const views = data.explained.metrics.flatMap((metric, number) => {
  const found = metric.readings.flatMap(([reading, shown]) =>
    Object.entries(shown).flatMap(([kind, highest]) => {
      const view = { metric: number, reading, kind, order: null, label: `${metric.name}: ${KINDS[kind]}` };
      if (kind !== "ngrams" && kind !== "distinct") return [view];
      const unit = data.explained.readings[reading].characters ? " of characters" : "";
      return metric.orders
        .filter((order) => order <= highest)
        .map((order) => ({ ...view, order, label: `${metric.name}: ${KINDS[kind].replace("n-", `${order}-`)}${unit}` }));
    }),
  );
  return found.length > 0 ? found : [{ metric: number, reading: metric.readings[0]?.[0] ?? null, kind: null, label: metric.name }];
});

let view = 0;

const MOST_TOKENS = 3000;

function setUpExplanations(place, explanations) {
  const shown = make("div", { class: "why" });
  const show = () => shown.replaceChildren(...drawExplanations(explanations, views[view]));
  const select = make("select", {
    id: "view",
    onchange: () => {
      view = Number(select.value);
      show();
    },
  });
  select.append(...views.map(({ label }, number) => make("option", { value: number }, label)));
  select.value = view;
  place.replaceChildren(
    make("h3", {}, "Why these scores"),
    make("div", { class: "controls" }, labelled("Show what is matched by", select)),
    shown,
  );
  show();
}

function drawExplanations(explanations, shown) {
  const legend = {
    ngrams: "Marked: tokens in matched n-grams of this order; of repeated ones the first, as many as both texts have.",
    distinct: "Marked: tokens in matched n-grams of this order, each n-gram once.",
    lcs: "Marked: tokens on the path that both texts share, in the same order.",
    union: "Marked: tokens of the reference that any sentence shares with it in order.",
    run: "Marked: the longest run of tokens that both texts have.",
    edits: "Struck out: tokens of the reference that are missing or other. Underlined: what the prediction has in their place.",
    shifts: "The words of the prediction after all shifts. Struck out: what is missing or other; underlined: what is in its place.",
  }[shown.kind];
  const signature = data.explained.metrics[shown.metric].signature;
  const parts = explanations.map((explanation, system) => drawExplanation(explanation, shown, system));
  const pooled = explanations.some((each) => each !== null && each[1][shown.metric] === null && each[2][shown.reading]?.references.length > 1);
  return [
    make("p", { class: "quiet" }, legend ?? "This metric compares whole texts."),
    pooled ? make("p", { class: "quiet" }, "References count together: an n-gram counts as often as the reference has it that has it most. Here each reference is shown alone.") : "",
    make("div", { class: "systems" }, ...parts),
    make("p", { class: "quiet" }, "Signature: ", make("code", {}, signature)),
  ];
}

function drawExplanation(explanation, shown, system) {
  const head = make("h4", {}, make("bdi", {}, data.systems[system]));
  if (explanation === null) return make("div", {}, head, make("p", { class: "quiet" }, "These texts are too long to be explained here."));
  return make("div", {}, head, ...drawMatches(explanation, shown), drawArithmetic(explanation, shown.metric));
}

// The prediction and the reference that counts, or all of them where they count together.
function drawMatches([, , best, readings], { metric, reading, kind, order }) {
  if (reading === null) return [];
  const { tokens, references } = readings[reading];
  const { characters } = data.explained.readings[reading];
  const numbers = best[metric] === null ? references.map((_, number) => number) : [best[metric]];
  return numbers.flatMap((number) => {
    const read = references[number];
    const written = tokensOf(read.prediction ?? tokens, characters);
    const wanted = tokensOf(read.tokens, characters);
    const which = references.length > 1 ? ` ${number + 1}` : "";
    if (kind === "edits") return [drawEdits(stretches(read.edits, written, wanted), characters, which)];
    if (kind === "shifts") {
      const edits = stretches(read.shifted, shiftedTokens(written, read.shifts), wanted);
      const shifts = make("p", { class: "quiet" }, `${read.shifts.length} shift${read.shifts.length === 1 ? "" : "s"}`);
      return [drawEdits(edits, characters, which), shifts];
    }
    const marks = marksOf(kind, order, read, written, wanted);
    if (marks === null) return [make("p", { class: "quiet" }, "These texts are too long to show this.")];
    return [
      drawTokens("Prediction", written, marks[0], characters),
      drawTokens(`Reference${which}`, wanted, marks[1], characters),
    ];
  });
}

function marksOf(kind, order, read, written, wanted) {
  if (kind === "ngrams" || kind === "distinct") return inNgrams(written, wanted, order, kind === "distinct");
  if (kind === "run") return inRun(read.run, [written.length, wanted.length]);
  if (kind === null) return [[], []];
  if (read[kind] === null) return null;
  return read[kind].map((marks) => Array.from(marks, (mark) => mark === "1"));
}

function drawTokens(label, tokens, marks, characters) {
  const parts = tokens.slice(0, MOST_TOKENS).map((token, at) => make(marks[at] ? "mark" : "span", { class: "token" }, ...visible(token)));
  return drawTokenLine(label, parts, characters, tokens.length);
}

function drawEdits(edits, characters, which) {
  const parts = edits.flatMap(({ kind, wanted, written }) => {
    const all = (tokens, tag) => tokens.map((token) => make(tag, { class: "token" }, ...visible(token)));
    if (kind === "=") return all(written, "span");
    return [...all(wanted, "del"), ...all(written, "ins")];
  });
  return drawTokenLine(`Reference${which} and prediction`, parts.slice(0, MOST_TOKENS), characters, parts.length);
}

function drawTokenLine(label, parts, characters, count) {
  const spaced = characters ? parts : parts.flatMap((part) => [part, " "]);
  const more = count > MOST_TOKENS ? make("span", { class: "quiet" }, ` … ${whole(count - MOST_TOKENS)} more`) : null;
  const none = count === 0 ? make("span", { class: "quiet" }, "(no tokens)") : null;
  return make(
    "div",
    {},
    make("small", {}, label),
    make("div", { class: characters ? "text tokens characters" : "text tokens", dir: "auto" }, ...spaced, ...[more, none].filter((each) => each !== null)),
  );
}

// The sums of a metric and what becomes of them.
function drawArithmetic([kept, sums], number_) {
  const metric = data.explained.metrics[number_];
  const known = Object.fromEntries(metric.sums.map((name, at) => [name, sums[number_][at]]));
  data.explained.kept.forEach(([of, part], at) => {
    if (of === number_ && kept[at] !== null) known[part] = kept[at];
  });
  const { lines } = workedOut(metric.steps, known);
  const named = metric.sums.map((name) => make("li", {}, `${name.replaceAll("_", " ")} ${whole(known[name])}`));
  const rows = lines.map(({ result, words, filledIn, value }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, result.replaceAll("_", " ")),
      make("td", {}, words, make("code", {}, filledIn)),
      make("td", {}, number(value)),
    ),
  );
  return make(
    "details",
    { open: true },
    make("summary", {}, "Sums and arithmetic"),
    make("ul", { class: "sums" }, ...named),
    rows.length > 0
      ? make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Arithmetic" }, make("table", { class: "arithmetic" }, make("tbody", {}, ...rows)))
      : null,
  );
}
