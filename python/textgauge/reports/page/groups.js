// Groups: what got better or worse, and a table whose colours say how much.

const GROUPS_AT_ONCE = 40;
const CHANGES_SHOWN = 100;

// Which system is looked at (beside the base, if there are several), how groups are sorted, and how many are shown.
const grouping = { system: several ? 1 : 0, sort: several ? "worst" : "low", output: 0, shown: GROUPS_AT_ONCE };

function setUpGroups() {
  if (data.groups === null) return;
  byId("more-groups").addEventListener("click", () => {
    grouping.shown += GROUPS_AT_ONCE;
    drawHeat();
  });
  setUpGroupControls();
  drawGroups();
  redraws.push(drawHeat);
}

function setUpGroupControls() {
  const change = (name, value) => {
    grouping[name] = value;
    grouping.shown = GROUPS_AT_ONCE;
    drawGroups();
  };
  const systems = data.systems.map((name, number) => [number, name]);
  const orders = several
    ? [["worst", "what got worse first"], ["best", "what got better first"]]
    : [["low", "lowest first"], ["high", "highest first"]];
  byId("group-controls").append(
    ...(several
      ? [choice(`Compared with ${shortened(data.systems[0], 30)}`, systems.slice(1), () => grouping.system, (system) => change("system", Number(system)))]
      : []),
    choice("Sort by", data.outputs.map(({ label }, at) => [at, label]), () => grouping.output, (at) => change("output", Number(at))),
    choice("Order", [...orders, ["size", "largest group first"], ["name", "name"]], () => grouping.sort, (sort) => change("sort", sort)),
  );
}

function drawGroups() {
  drawHeat();
  if (several) drawChanges();
}

function groupScore(system, at, code) {
  return data.groups.scores[system][at][code];
}

// What the table shows of a group: the difference from the base, or the score itself; null if there is none.
function groupValue(at, code) {
  const score = groupScore(grouping.system, at, code);
  if (!several) return score;
  const base = groupScore(0, at, code);
  return score === null || base === null ? null : score - base;
}

function groupEvidence(at, code) {
  return several ? (data.groups.evidence[code]?.[grouping.system - 1]?.[at] ?? null) : null;
}

// How good a value is: the higher the better, whatever the metric.
function goodness(at, code) {
  const value = groupValue(at, code) ?? NaN;
  return data.outputs[at].higher === false ? -value : value;
}

function sortedGroups() {
  const { names, sizes } = data.groups;
  const at = grouping.output;
  const keys = {
    worst: (code) => goodness(at, code),
    best: (code) => -goodness(at, code),
    low: (code) => groupValue(at, code),
    high: (code) => -groupValue(at, code),
    size: (code) => -sizes[code],
  };
  const codes = names.map((_, code) => code);
  if (grouping.sort === "name") return codes.sort((one, other) => names[one].localeCompare(names[other], undefined, { numeric: true }));
  const key = codes.map(keys[grouping.sort]);
  return codes.sort((one, other) => (key[one] !== key[one]) - (key[other] !== key[other]) || key[one] - key[other] || one - other);
}

function drawHeat() {
  const codes = sortedGroups();
  const shown = codes.slice(0, grouping.shown);
  const most = data.outputs.map((_, at) => {
    const values = codes.map((code) => Math.abs(groupValue(at, code) ?? 0)).sort((one, other) => one - other);
    // A few extreme groups must not pale all others.
    return values[Math.floor(0.95 * (values.length - 1))] || values[values.length - 1] || 1;
  });
  const ranges = data.outputs.map((_, at) => limits([codes.map((code) => groupValue(at, code) ?? NaN)]));
  const head = data.outputs.map(({ label }, at) => {
    const sort = () => {
      grouping.output = at;
      showChoices();
      drawGroups();
    };
    return make(
      "th",
      { scope: "col", "aria-sort": at === grouping.output && grouping.sort !== "name" && grouping.sort !== "size" ? "other" : false },
      make("button", { type: "button", onclick: sort, title: `Sort by ${label}` }, label, at === grouping.output ? " ▾" : ""),
    );
  });
  const lines = shown.map((code) => heatLine(code, most, ranges));
  byId("heat").replaceChildren(
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, data.groups.by), make("th", { scope: "col" }, "rows"), ...head)),
    make("tbody", {}, ...lines),
  );
  const left = codes.length - shown.length;
  byId("more-groups").hidden = left <= 0;
  byId("more-groups").textContent = `Show ${whole(Math.min(left, GROUPS_AT_ONCE))} more of ${whole(left)}`;
  byId("group-note").textContent = several
    ? `Differences of ${shortened(data.systems[grouping.system], 60)} from ${shortened(data.systems[0], 60)}: green and ▲ where it is better, orange and ▼ where it is worse; bold where there is evidence.`
    : "Scores of each group: the deeper the colour, the higher.";
}

function heatLine(code, most, ranges) {
  const cells = data.outputs.map((each, at) => {
    const value = groupValue(at, code);
    if (value === null) return make("td", {}, "–");
    if (!several) {
      const [low, high] = ranges[at];
      const share = (value - low) / (high - low);
      return make("td", { style: `background:rgba(86,180,233,${(0.05 + 0.45 * share).toFixed(3)})` }, digits(value, each.unit));
    }
    const better = gain(each, value);
    const strength = Math.min(1, Math.abs(value) / most[at]) * 0.55;
    const fill = better === 0 ? "none" : `rgba(var(--${better > 0 ? "better" : "worse"}-fill), ${strength.toFixed(3)})`;
    const evidence = groupEvidence(at, code);
    const sure = evidence !== null && evidence[1] !== "no evidence";
    const text = `${{ 1: "▲ ", "-1": "▼ ", 0: "" }[better]}${signed(value, each.unit)}`;
    const title = `${digits(groupScore(0, at, code), each.unit)} → ${digits(groupScore(grouping.system, at, code), each.unit)}` + (evidence === null ? "" : `, p = ${evidence[0].toFixed(4)}`);
    return make("td", { style: `background:${fill}`, title }, sure ? make("b", {}, text) : text);
  });
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, groupLink(code)),
    make("td", {}, whole(data.groups.sizes[code])),
    ...cells,
  );
}

// The name of a group; a click lists its rows.
function groupLink(code) {
  return make(
    "button",
    {
      type: "button",
      class: "as-link",
      title: "List the rows of this group",
      onclick: () => {
        choose({ group: code });
        byId("all-rows").scrollIntoView();
      },
    },
    make("bdi", {}, ...breakable(oneLine(data.groups.names[code], 120) || "(empty)")),
  );
}

// What got worse and what got better, most of all first: with evidence, if there is any of it.
function drawChanges() {
  const changes = [];
  for (const code of data.groups.names.keys()) {
    for (const at of data.outputs.keys()) {
      const evidence = groupEvidence(at, code);
      if (evidence === null || evidence[1] === "no evidence") continue;
      const size = Math.abs(groupValue(at, code)) / (Math.abs(groupScore(0, at, code)) || 1);
      changes.push({ code, at, p: evidence[0], verdict: evidence[1], size });
    }
  }
  changes.sort((one, other) => other.size - one.size);
  const part = (verdict, mark) => {
    const own = changes.filter((change) => change.verdict === verdict);
    const list = own.slice(0, CHANGES_SHOWN).map(drawChange);
    return make(
      "div",
      {},
      make("h3", { class: `verdict ${verdict}` }, `${mark} Significantly ${verdict}: ${whole(own.length)}`),
      own.length > 0 ? make("ol", {}, ...list) : make("p", { class: "quiet" }, "No group, by no metric."),
      own.length > CHANGES_SHOWN ? make("p", { class: "quiet" }, `The first ${CHANGES_SHOWN}.`) : null,
    );
  };
  byId("changes").replaceChildren(part("worse", "▼"), part("better", "▲"));
}

function drawChange({ code, at, p }) {
  const { label, unit } = data.outputs[at];
  const [from, to] = [groupScore(0, at, code), groupScore(grouping.system, at, code)];
  return make(
    "li",
    {},
    make("span", {}, groupLink(code), make("small", {}, `${label}, ${whole(data.groups.sizes[code])} rows`)),
    make("span", {}, signed(to - from, unit), make("small", {}, `${digits(from, unit)} → ${digits(to, unit)}`), make("small", {}, `p = ${p.toFixed(4)}`)),
  );
}
