// The open row: its scores, texts, and why each prediction has its scores.

function setUpPair() {
  document.addEventListener("keydown", (event) => {
    if (openPlace === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "Escape") closePair();
    else if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
  });
  window.addEventListener("hashchange", openLinked);
}

// Opens the row that the address names, if it names one.
function openLinked() {
  const named = /^#row=(\d+)$/.exec(location.hash);
  if (named === null) return;
  const place = columns.rows.indexOf(Number(named[1]));
  if (place < 0 || place === openPlace) return;
  const index = order.indexOf(place);
  if (index >= 0) setActive(index);
  openPair(place);
}

function step(by) {
  if (order.length === 0) return;
  setActive(active + by);
  openPair(order[active]);
}

function closePair() {
  openPlace = null;
  byId("pair").hidden = true;
  history.replaceState(null, "", location.pathname + location.search);
  drawList();
  byId("list").focus();
}

async function openPair(place) {
  openPlace = place;
  drawList();
  const texts = await textsOf(place);
  if (place !== openPlace) return;
  const pair = byId("pair");
  const why = make("section", { "aria-label": "Why these scores" });
  pair.replaceChildren(pairHead(place, texts), pairScores(place), ...pairTexts(texts), why);
  pair.hidden = false;
  pair.scrollTop = 0;
  history.replaceState(null, "", `#row=${columns.rows[place]}`);
  pair.focus({ preventScroll: true });
  const explanations = await explanationsOf(place);
  if (place === openPlace) setUpExplanations(why, explanations);
}

function pairHead(place, texts) {
  const group = columns.groups === null ? null : data.groups.names[columns.groups[place]];
  const parts = [texts.id, group].filter((part) => part !== null);
  const button = (text, label, onclick) => make("button", { type: "button", "aria-label": label, title: label, onclick }, text);
  return make(
    "header",
    {},
    make("h3", {}, `Row ${columns.rows[place]}`, ...parts.flatMap((part) => [" · ", make("bdi", {}, oneLine(part, 200))])),
    make(
      "div",
      { class: "buttons" },
      button("← Previous", "Previous row (p)", () => step(-1)),
      button("Next →", "Next row (n)", () => step(1)),
      button("Close", "Close (Esc)", closePair),
    ),
  );
}

function pairScores(place) {
  const head = data.rowOutputs.map(({ label }) => make("th", { scope: "col" }, label));
  const lines = data.systems.map((name, system) => {
    const cells = data.rowOutputs.map(({ unit }, at) => make("td", {}, digits(scoresOf(system, at)[place], unit)));
    return make("tr", {}, make("th", { scope: "row" }, make("bdi", {}, ...breakable(name))), ...cells);
  });
  return make(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": "Scores of the row" },
    make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "System"), ...head)), make("tbody", {}, ...lines)),
  );
}

// More of a text is shown when one asks for it: a browser does not like lines of a million letters.
const SHOWN_AT_ONCE = 20000;

function plainText(text) {
  const shown = make("div", { class: "text", dir: "auto" }, ...visible(text.slice(0, SHOWN_AT_ONCE)));
  if (text.length <= SHOWN_AT_ONCE) return shown;
  const more = make(
    "button",
    {
      type: "button",
      onclick: () => {
        more.remove();
        shown.replaceChildren(...visible(text));
      },
    },
    `Show all ${whole(text.length)} letters`,
  );
  return make("div", {}, shown, more);
}

function pairTexts(texts) {
  const missing = () => make("p", { class: "quiet" }, "(missing)");
  const references = texts.references.map((text, number) => [
    make("h4", {}, texts.references.length > 1 ? `Reference ${number + 1}` : "Reference"),
    plainText(text),
  ]);
  const predictions = texts.predictions.map((text, system) => [
    make("h4", {}, make("bdi", {}, data.systems[system])),
    text === null ? missing() : plainText(text),
  ]);
  return [...references, ...predictions].flat();
}
