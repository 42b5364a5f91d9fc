// Charts by Vega-Lite, which is unpacked when the first one comes into sight.

// Colours that people with any sight can tell apart, after Okabe and Ito, and dashes besides.
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const DASHES = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 4], [1, 3]];
const BINS = 30;
const MOST_POINTS = 5000;

let vega = null;

function loadVega() {
  vega ??= unpack("charts").then((bytes) => {
    const script = make("script");
    script.textContent = new TextDecoder().decode(bytes);
    document.head.append(script);
  });
  return vega;
}

// A specification with its placeholders filled in: "$name" becomes what `values` has for it.
function filled(spec, values) {
  return JSON.parse(JSON.stringify(spec), (_, value) =>
    typeof value === "string" && value.startsWith("$") && value.slice(1) in values ? values[value.slice(1)] : value,
  );
}

function look() {
  const [ink, quiet, line] = [colour("ink"), colour("quiet"), colour("line")];
  return {
    background: null,
    font: "system-ui, sans-serif",
    padding: 2,
    view: { stroke: null },
    axis: { labelColor: quiet, titleColor: ink, domainColor: line, tickColor: line, gridColor: line, labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" },
    legend: { labelColor: ink, titleColor: ink, labelFontSize: 12 },
  };
}

// What was drawn in each place, to be cleared away before it is drawn again.
const drawn = new WeakMap();

async function draw(place, spec) {
  await loadVega();
  drawn.get(place)?.finalize();
  // Without the interpreter Vega would make functions of texts, which the page forbids.
  const made = await window.vegaEmbed(place, spec, { ast: true, actions: false, renderer: "canvas", config: look() });
  drawn.set(place, made);
  return made.view;
}

// Charts are drawn one after the other, when nobody waits for anything else.
let drawings = Promise.resolve();

function drawLater(drawing) {
  drawings = drawings.then(idle).then(drawing);
}

function idle() {
  return window.requestIdleCallback ? new Promise((go) => requestIdleCallback(go, { timeout: 1000 })) : pause();
}

// Draws when the place comes into sight and stays there for a moment, and again when colours change.
function whenSeen(place, drawing) {
  let seen = false;
  let timer = 0;
  const watch = new IntersectionObserver(
    (entries) => {
      clearTimeout(timer);
      if (!entries.at(-1).isIntersecting) return;
      timer = setTimeout(() => {
        watch.disconnect();
        seen = true;
        drawLater(drawing);
      }, 100);
    },
    { rootMargin: "200px" },
  );
  watch.observe(place);
  const again = () => {
    if (seen) drawLater(drawing);
  };
  redraws.push(again);
  return again;
}

function setUpHistograms() {
  const sample = (number) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("width", 28);
    svg.setAttribute("height", 8);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", "M0 4H28");
    line.setAttribute("stroke", COLOURS[number % COLOURS.length]);
    line.setAttribute("stroke-width", 3);
    line.setAttribute("stroke-dasharray", DASHES[number % DASHES.length].join(" "));
    svg.append(line);
    return svg;
  };
  byId("legend").append(...data.systems.map((name, number) => make("li", {}, sample(number), make("bdi", {}, name))));
  byId("histograms").append(...data.rowOutputs.map((_, at) => histogram(at)));
}

function histogram(at) {
  const { label, unit } = data.rowOutputs[at];
  const place = make("div", { class: "drawing" });
  const all = columns.scores.map((scores) => scores[at]);
  whenSeen(place, async () => {
    const [low, high] = limits(all);
    const bins = all.flatMap((scores, number) =>
      stairs(scores, low, high).map((rows, bin) => ({ from: low + (bin * (high - low)) / BINS, rows, system: data.systems[number] })),
    );
    const spec = filled(data.charts.histogram, {
      bins,
      systems: data.systems,
      colours: data.systems.map((_, number) => COLOURS[number % COLOURS.length]),
      dashes: data.systems.map((_, number) => DASHES[number % DASHES.length]),
    });
    const view = await draw(place, spec);
    const changed = settled((range) => limit([{ system: chosen.a, output: at, range }]), 250);
    view.addSignalListener("brush", (_, value) => changed(value.from));
  });
  const title = `${label} of single rows`;
  return make("figure", { class: "chart", style: "margin:0" }, make("h3", {}, label), place, quartiles(title, all, unit));
}

function limits(columnsOfScores) {
  let [low, high] = [Infinity, -Infinity];
  for (const scores of columnsOfScores) {
    for (const score of scores) {
      if (score < low) low = score;
      if (score > high) high = score;
    }
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function binOf(score, low, high, bins) {
  return Math.min(bins - 1, Math.floor(((score - low) / (high - low)) * bins));
}

// How many rows are in each bin; the last one is said twice, so that its stair is drawn.
function stairs(scores, low, high) {
  const counts = new Array(BINS + 1).fill(0);
  for (const score of scores) if (score === score) counts[binOf(score, low, high, BINS)]++;
  counts[BINS] = counts[BINS - 1];
  return counts;
}

// The same in numbers, for those who do not see the chart; counted when it is opened.
function quartiles(title, all, unit) {
  const names = ["lowest", "quarter", "median", "three quarters", "highest"];
  const draw = () => {
    const lines = all.map((scores, number) => {
      const present = scores.filter((score) => !Number.isNaN(score)).sort();
      const cells = names.map((_, part) => {
        const at = Math.round((part / 4) * (present.length - 1));
        return make("td", {}, present.length > 0 ? digits(present[at], unit) : "–");
      });
      return make("tr", {}, make("th", { scope: "row" }, make("bdi", {}, ...breakable(data.systems[number]))), ...cells);
    });
    const head = ["System", ...names].map((name) => make("th", { scope: "col" }, name));
    const table = make("table", { "aria-label": title }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...lines));
    details.append(make("div", { class: "wide" }, table));
  };
  const details = make("details", {}, make("summary", {}, "in numbers"));
  details.addEventListener("toggle", draw, { once: true });
  return details;
}

// Lists the rows within ranges of scores, in place of other ranges of the same scores; a range that is undefined is none.
function limit(limits) {
  const same = (one, other) => one.system === other.system && one.output === other.output;
  const others = chosen.ranges.filter((range) => !limits.some((each) => same(range, each)));
  const now = limits
    .filter(({ range }) => range !== undefined)
    .map(({ system, output: at, range }) => ({ system, output: at, low: Math.min(...range), high: Math.max(...range) }));
  choose({ ranges: [...others, ...now] });
}

function setUpScatter() {
  const place = make("div", { class: "drawing", role: "img" });
  byId("scatter").append(place);
  setUpScatterControls();
  const redraw = whenSeen(place, () => drawScatter(place));
  let before = "";
  // It shows what is chosen for the list, and is drawn anew only if that changes.
  listeners.push(() => {
    const now = JSON.stringify([chosen.output, chosen.a, chosen.b]);
    if (now !== before) redraw();
    before = now;
  });
}

function setUpScatterControls() {
  const systems = data.systems.map((name, number) => [number, name]);
  byId("scatter-controls").append(
    choice("Score", data.rowOutputs.map(({ label }, at) => [at, label]), () => chosen.output, (at) => choose({ output: Number(at) })),
    choice("Across", systems, () => chosen.a, (a) => choose({ a: Number(a) })),
    choice("Up", systems, () => chosen.b, (b) => choose({ b: Number(b) })),
  );
}

async function drawScatter(place) {
  const [a, b, at, { label }] = [chosen.a, chosen.b, chosen.output, output()];
  const [across, up] = [scoresOf(a), scoresOf(b)];
  const [low, high] = limits([across, up]);
  const counts = new Map();
  const sums = { 1: 0, 0: 0, "-1": 0 };
  for (let row = 0; row < listed; row++) {
    if (across[row] !== across[row] || up[row] !== up[row]) continue;
    const bin = binOf(up[row], low, high, BINS) * BINS + binOf(across[row], low, high, BINS);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
    sums[gain(output(), up[row] - across[row])]++;
  }
  const edge = (bin) => low + (bin * (high - low)) / BINS;
  const bins = [...counts].map(([bin, rows]) => {
    const [x, y] = [bin % BINS, Math.floor(bin / BINS)];
    return { x: edge(x), x2: edge(x + 1), y: edge(y), y2: edge(y + 1), rows };
  });
  const verdicts = [`${data.systems[b]} better`, `${data.systems[b]} worse`, "equal"].map((text) => shortened(text, 40));
  const each = Math.ceil(listed / MOST_POINTS);
  const points = [];
  for (let row = 0; row < listed; row += each) {
    if (across[row] !== across[row] || up[row] !== up[row]) continue;
    const verdict = verdicts[{ 1: 0, "-1": 1, 0: 2 }[gain(output(), up[row] - across[row])]];
    points.push({ x: across[row], y: up[row], row: columns.rows[row], place: row, verdict });
  }
  const spec = filled(data.charts.scatter, {
    bins,
    points,
    diagonal: [{ at: low }, { at: high }],
    x: `${label} of ${shortened(data.systems[a], 40)}`,
    y: `${label} of ${shortened(data.systems[b], 40)}`,
    heat: colour("quiet"),
    quiet: colour("quiet"),
    verdicts,
    legendColumns: place.clientWidth < 600 ? 1 : 3,
    verdictColours: [colour("better"), colour("worse"), colour("quiet")],
  });
  const view = await draw(place, spec);
  view.addEventListener("click", (_, item) => {
    const datum = item?.datum;
    if (datum?.place !== undefined) openFromChart(datum.place);
    else if (datum?.x2 !== undefined) limitBoth(a, b, at, [datum.x, datum.x2], [datum.y, datum.y2]);
  });
  const brushed = settled((value) => {
    if (value.x !== undefined) limitBoth(a, b, at, value.x, value.y);
  }, 250);
  view.addSignalListener("brush", (_, value) => brushed(value));
  tellScatter(sums, each, points.length, a, b);
  place.setAttribute("aria-label", byId("scatter-note").textContent);
}

function limitBoth(a, b, at, across, up) {
  limit([{ system: a, output: at, range: across }, { system: b, output: at, range: up }]);
  byId("all-rows").scrollIntoView();
}

function openFromChart(place) {
  const index = order.indexOf(place);
  if (index >= 0) setActive(index);
  openPair(place).then(() => byId("pair").scrollIntoView());
}

function tellScatter(sums, each, points, a, b) {
  const [one, other] = [data.systems[a], data.systems[b]].map((name) => shortened(name, 40));
  const sample = each === 1 ? "All rows are drawn as points." : `Every ${whole(each)}th row is drawn as a point, ${whole(points)} of them; squares count all rows.`;
  byId("scatter-note").textContent =
    `${other} is better than ${one} in ${whole(sums[1])} rows, worse in ${whole(sums[-1])}, equal in ${whole(sums[0])}. ` +
    `${sample} A click on a point opens its row, on a square lists its rows; so does dragging over an area.`;
}
