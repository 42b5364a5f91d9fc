// The list of rows: only those that can be seen are in the page, however many there are.

const ROW_HEIGHT = 84; // as the style says
const AROUND = 6;

// The index in `order` of the row that the keyboard is at, and the place of the open row.
let active = 0;
let openPlace = null;

function setUpList() {
  const list = byId("list");
  list.addEventListener("scroll", () => drawList());
  list.addEventListener("keydown", moveInList);
  new ResizeObserver(() => drawList()).observe(list);
  listeners.push(() => {
    active = Math.min(active, Math.max(0, order.length - 1));
    byId("runway").style.height = `${order.length * ROW_HEIGHT}px`;
    list.scrollTop = Math.min(list.scrollTop, order.length * ROW_HEIGHT);
    drawList();
    tellCount();
  });
}

function tellCount() {
  const part = order.length === listed ? "" : ` of ${whole(listed)}`;
  const state = searching === null ? "" : `; searching, ${Math.round(100 * searching)} % done`;
  byId("count").textContent = `${whole(order.length)}${part} rows${state}`;
}

function drawList() {
  const list = byId("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW_HEIGHT) - AROUND);
  const end = Math.min(order.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_HEIGHT) + AROUND);
  const items = [];
  for (let index = first; index < end; index++) items.push(drawItem(index));
  byId("runway").replaceChildren(...items);
  if (order.length > 0 && active >= first && active < end) list.setAttribute("aria-activedescendant", `item-${active}`);
  else list.removeAttribute("aria-activedescendant");
}

function drawItem(index) {
  const place = order[index];
  const name = make("span", { class: "name" }, `row ${columns.rows[place]}`);
  const text = make("bdi", { dir: "auto" }, "…");
  const item = make(
    "div",
    {
      id: `item-${index}`,
      class: index === active ? "item active" : "item",
      style: `top:${index * ROW_HEIGHT}px`,
      role: "option",
      "aria-selected": String(place === openPlace),
      "aria-posinset": index + 1,
      "aria-setsize": order.length,
      onclick: () => {
        active = index;
        openPair(place);
      },
    },
    name,
    drawFigures(place),
    text,
  );
  textsOf(place).then((texts) => {
    const group = columns.groups === null ? [] : [data.groups.names[columns.groups[place]]];
    const parts = [...(texts.id === null ? [] : [texts.id]), ...group].map((part) => oneLine(part, 80));
    name.append(...parts.flatMap((part) => [" · ", make("bdi", {}, part)]));
    const shown = [...texts.references, ...texts.predictions].find((each) => each) ?? "";
    text.textContent = oneLine(shown, 200) || "(empty)";
  });
  return item;
}

function drawFigures(place) {
  const { unit } = output();
  const a = scoresOf(chosen.a)[place];
  if (!several) return make("span", { class: "figures" }, `${output().label} ${digits(a, unit)}`);
  const b = scoresOf(chosen.b)[place];
  const better = gain(output(), b - a);
  const mark = { 1: "▲", "-1": "▼", 0: "=" }[better];
  const kind = { 1: "better", "-1": "worse", 0: "" }[better];
  return make(
    "span",
    { class: "figures" },
    `${output().label} ${digits(a, unit)} → ${digits(b, unit)} `,
    make("span", { class: kind }, `${mark} ${signed(b - a, unit)}`),
  );
}

function moveInList(event) {
  const page = Math.max(1, Math.floor(byId("list").clientHeight / ROW_HEIGHT) - 1);
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -order.length, End: order.length };
  if (event.key in moves) {
    event.preventDefault();
    setActive(active + moves[event.key]);
  } else if ((event.key === "Enter" || event.key === " ") && order.length > 0) {
    event.preventDefault();
    openPair(order[active]);
  }
}

// Goes to the row at an index of the order, as near as there is one, and brings it into sight.
function setActive(index) {
  const list = byId("list");
  active = Math.max(0, Math.min(order.length - 1, index));
  const top = active * ROW_HEIGHT;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW_HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW_HEIGHT - list.clientHeight;
  drawList();
}

// The chosen limits, each with a button that lifts it.
function drawChips() {
  const chips = chosen.ranges.map((range) => {
    const { label, unit } = data.rowOutputs[range.output];
    const text = `${label} of ${shortened(data.systems[range.system], 30)}: ${digits(range.low, unit)} to ${digits(range.high, unit)}`;
    return chip(text, () => choose({ ranges: chosen.ranges.filter((each) => each !== range) }));
  });
  if (chosen.group !== null) {
    chips.push(chip(`${data.groups.by}: ${oneLine(data.groups.names[chosen.group], 40)}`, () => choose({ group: null })));
  }
  byId("chips").replaceChildren(...chips);
}

function chip(text, lift) {
  return make("button", { type: "button", class: "small", onclick: lift, "aria-label": `Remove the limit ${text}` }, make("bdi", {}, text), " ✕");
}

function setUpRowControls() {
  const systems = data.systems.map((name, number) => [number, name]);
  const outputs = data.rowOutputs.map(({ label }, at) => [at, label]);
  const orders = [["file", "order in the file"], ["a", several ? "score of the first" : "score"]];
  if (several) orders.push(["b", "score of the second"], ["difference", "difference"]);
  if (data.groups !== null) orders.push(["group", data.groups.by]);
  const find = settled((text) => search(text), 200);
  const field = make("input", { type: "search", oninput: () => find(field.value), placeholder: "in texts and ids" });
  const controls = [
    labelled("Find", field),
    choice("Score", outputs, () => chosen.output, (at) => choose({ output: Number(at) })),
    choice("Sort by", orders, () => chosen.sort, (sort) => choose({ sort })),
    choice("Direction", [["up", "lowest first"], ["down", "highest first"]], () => (chosen.descending ? "down" : "up"), (way) =>
      choose({ descending: way === "down" }),
    ),
  ];
  if (several) {
    controls.push(
      choice("First system", systems, () => chosen.a, (a) => choose({ a: Number(a) })),
      choice("Second system", systems, () => chosen.b, (b) => choose({ b: Number(b) })),
      choice(
        "The second is",
        [["all", "anything"], ["better", "better"], ["worse", "worse"], ["equal", "equal"]],
        () => chosen.verdict,
        (verdict) => choose({ verdict }),
      ),
    );
  }
  if (data.groups !== null) {
    const groups = data.groups.names.map((name, code) => [code, oneLine(name, 60)]);
    controls.push(
      choice(data.groups.by, [["", "all"], ...groups], () => chosen.group ?? "", (code) =>
        choose({ group: code === "" ? null : Number(code) }),
      ),
    );
  }
  const form = byId("row-controls");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.replaceChildren(...controls);
}
