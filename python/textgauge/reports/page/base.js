// Small helpers that all other scripts use.

const byId = (id) => document.getElementById(id);

// Makes an element. What is given as text becomes text, never HTML.
// Attributes that begin with "on" are listeners; true sets an empty attribute, false and null set none.
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// A choice with a label. Options are pairs of a value and what one reads; `current` gives the value that is chosen.
function choice(label, options, current, onchange) {
  const select = make("select", { onchange: () => onchange(select.value) });
  for (const [value, text] of options) select.append(make("option", { value }, shortened(text, 60)));
  const show = () => {
    select.value = current();
  };
  show();
  choices.push(show);
  return labelled(label, select);
}

// A control under its label.
function labelled(label, control) {
  control.id ||= `control-${++controls}`;
  return make("div", { class: "control" }, make("label", { for: control.id }, label), control);
}

let controls = 0;

// Makes every choice show what is chosen: the same may be chosen in several places.
const choices = [];

function showChoices() {
  for (const show of choices) show();
}

function shortened(text, most) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

// A score as one reads it: percentages with two digits, whole counts without any, all else with four.
function digits(value, unit) {
  if (value === null || Number.isNaN(value)) return "–";
  if (unit === "count" && Number.isInteger(value)) return whole(value);
  return value.toFixed(unit === "percent" ? 2 : 4).replace("-", "−");
}

function signed(value, unit) {
  const text = digits(value, unit);
  return value > 0 ? `+${text}` : text;
}

function whole(value) {
  return value.toLocaleString("en-US");
}

// Letters that one cannot see, or that turn the text around them: controls, marks of direction, lone surrogates.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

function escaped(letter) {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// A text as nodes, hidden letters as visible escapes.
function visible(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > end) nodes.push(text.slice(end, found.index));
    nodes.push(make("span", { class: "escape", title: "a letter that cannot be seen" }, escaped(found[0])));
    end = found.index + found[0].length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

// The same on one line, as plain text.
function oneLine(text, most) {
  return shortened(text.slice(0, most + 1).replace(HIDDEN, escaped).replace(/\s+/g, " "), most);
}

// A name that may be broken behind its underscores and the like, as between words.
function breakable(name) {
  return name.split(/(?<=[_/.:-])/).flatMap((part) => [part, make("wbr")]);
}

// Lets the browser draw and listen before the next piece of a long work.
function pause() {
  return new Promise((go) => setTimeout(go));
}

// Calls `work` once, a little after the last of many calls.
function settled(work, milliseconds) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), milliseconds);
  };
}
