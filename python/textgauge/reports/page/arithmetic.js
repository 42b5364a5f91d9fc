// The arithmetic of a score. Steps come as data, and templates are read here: the page may not run texts as programs.
// A template has numbers, names in braces, + - * / **, comparisons, brackets and the functions below.

const FUNCTIONS = {
  exp: Math.exp,
  ln: Math.log,
  min: Math.min,
  max: Math.max,
  fsum: (...values) => values.reduce((sum, value) => sum + value, 0),
  weighted_ln: (weight, value) => (value > 0 ? weight * Math.log(value) : 0),
};

const COMPARISONS = {
  "<": (one, other) => one < other,
  ">": (one, other) => one > other,
  "<=": (one, other) => one <= other,
  ">=": (one, other) => one >= other,
  "==": (one, other) => one === other,
  "!=": (one, other) => one !== other,
};

const SYMBOL = /\{\w+\}|\d+(?:\.\d+)?(?:e[-+]?\d+)?|\w+|\*\*|[<>=!]=|[-+*/(),<>]/g;

function evaluate(template, values) {
  const symbols = template.match(SYMBOL);
  let at = 0;
  const next = (...wanted) => (wanted.includes(symbols[at]) ? symbols[at++] : null);

  // From what binds least to what binds most.
  function comparison() {
    const left = sum();
    const sign = next(...Object.keys(COMPARISONS));
    return sign === null ? left : Number(COMPARISONS[sign](left, sum()));
  }
  function sum() {
    let total = product();
    for (let sign = next("+", "-"); sign !== null; sign = next("+", "-")) total += sign === "+" ? product() : -product();
    return total;
  }
  function product() {
    let total = negation();
    for (let sign = next("*", "/"); sign !== null; sign = next("*", "/")) {
      const factor = negation();
      total = sign === "*" ? total * factor : total / factor;
    }
    return total;
  }
  function negation() {
    return next("-") === null ? power() : -negation();
  }
  function power() {
    const base = value();
    return next("**") === null ? base : base ** negation();
  }
  function value() {
    if (next("(") !== null) {
      const inner = comparison();
      next(")");
      return inner;
    }
    const symbol = symbols[at++];
    if (symbol.startsWith("{")) return values[symbol.slice(1, -1)];
    if (symbol in FUNCTIONS) return FUNCTIONS[symbol](...given());
    return Number(symbol);
  }
  function given() {
    const arguments_ = [];
    next("(");
    while (next(")") === null) {
      arguments_.push(comparison());
      next(",");
    }
    return arguments_;
  }
  return comparison();
}

// Works through the steps of a metric; of those with the same result the first one counts whose condition holds.
// Gives a line for each that computes something, and all that became known.
function workedOut(steps, sums) {
  const known = { ...sums };
  const done = new Set();
  const lines = [];
  for (const { result, words, template, when } of steps) {
    if (done.has(result) || (when !== "" && !evaluate(when, known))) continue;
    done.add(result);
    const filledIn = template.replace(/\{(\w+)\}/g, (_, name) => number(known[name])).replaceAll(" * ", " × ");
    known[result] = evaluate(template, known);
    if (!/^\{\w+\}$/.test(template)) lines.push({ result, words, filledIn, value: known[result] });
  }
  return { lines, known };
}

function number(value) {
  if (value === undefined) return "?";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
