// Ctrl+K: every action, page and story by name.
import { $, $$, parse } from "./dom.js";
import { isComposing } from "./keyboard.js";

const PAUSE_MS = 100;
const HTML = `<dialog id="palette" aria-label="Find an action, a page or a story"><input id="palette-q" type="text"
  role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label="Find an action, a page or a story"
  placeholder="Find an action, a page or a story" autocomplete="off" spellcheck="false"><ul id="palette-list"
  role="listbox" aria-label="Found"></ul></dialog>`;
let dialog, field, shown; // made when they are first needed
let choices = [];
let at = 0;
let actions = [];
let asked = 0;

export function openPalette(available) {
  if (!dialog) make();
  actions = available;
  field.value = "";
  dialog.showModal();
  show();
}

const matches = (text) => field.value.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));

function show(stories = []) {
  choices = [...actions.filter(({ name }) => matches(name)), ...stories];
  at = 0;
  shown.replaceChildren(...choices.map(option));
  mark();
}

function option({ name, detail, key }, n) {
  const item = document.createElement("li");
  item.id = `choice-${n}`;
  item.role = "option";
  item.append(Object.assign(document.createElement("span"), { textContent: name }));
  if (detail) item.append(Object.assign(document.createElement("small"), { textContent: detail }));
  if (key) item.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  item.addEventListener("click", () => run(n));
  return item;
}

function mark() {
  $$("li", shown).forEach((item, n) => item.setAttribute("aria-selected", n === at));
  field.setAttribute("aria-activedescendant", choices.length ? `choice-${at}` : "");
  shown.children[at]?.scrollIntoView({ block: "nearest" });
}

function run(n) {
  const choice = choices[n];
  if (!choice) return;
  dialog.close();
  choice.run();
}

async function findStories() {
  const words = field.value.trim();
  const mine = ++asked;
  if (words.length < 2) return;
  const response = await fetch("/find?q=" + encodeURIComponent(words));
  if (!response.ok || mine !== asked) return;
  const found = await response.json();
  show(found.map(({ id, title, source, state }) => ({ name: title, detail: `${source} · ${state}`, run: () => visit(id, state) })));
}

function visit(id, state) {
  const row = document.getElementById("s-" + id);
  if (row) return document.dispatchEvent(new CustomEvent("triage:visit", { detail: id }));
  return location.assign(`/story/${encodeURIComponent(id)}?from=${encodeURIComponent(state)}`);
}

function make() {
  document.body.append(parse(HTML));
  [dialog, field, shown] = [$("#palette"), $("#palette-q"), $("#palette-list")];
  field.addEventListener("input", () => {
    show();
    clearTimeout(findStories.timer);
    findStories.timer = setTimeout(() => findStories().catch(() => {}), PAUSE_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (isComposing(event)) return; // Enter takes an input method's word
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && choices.length) {
      event.preventDefault();
      at = (at + by + choices.length) % choices.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(at);
    }
  });
}
