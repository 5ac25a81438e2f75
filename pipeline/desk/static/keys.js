// Keys: what each does, and when it is text instead.
import { go, leaveField } from "./cursor.js";
import { decide, group, placeIn, skipMany, targets, undo } from "./decide.js";
import { isText, keyOf } from "./blurbs.js";
import { $, $$, isField } from "./dom.js";
import * as listing from "./list.js";
import { isComposing, meant } from "./keyboard.js";
import { blurbs } from "./outbox.js";
import { openPalette } from "./palette.js";
import { quote } from "./quote.js";
import * as reader from "./reader.js";
import { found, grow, refreshSoon } from "./refresh.js";
import { say } from "./said.js";
import { clear, selected, toggle } from "./select.js";
import { isTyping, typeAhead, typed } from "./typeahead.js";

const { list, current } = listing;
const article = '[data-pane="article"]';
const ONE_LINE = "[data-edit=title], [data-edit=byline]"; // where Enter ends the text
const DIGITS = "1234567890"; // of the first ten sections; Ctrl+K and `s` find any by its name
const HELD = new Set("jkJK "); // what a key goes on doing while it is held down; any other acts once

async function step(by, { selecting = false } = {}) {
  const row = current();
  if (selecting && row) toggle(row, true);
  let next = by > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  if (!next && by > 0 && (await grow(true))) next = current()?.nextElementSibling;
  if (!next) return say(by > 0 ? `That was the last of ${found()}.` : "This is the first.");
  go(next);
  return selecting && toggle(next, true);
}

function edit() {
  const id = current().dataset.id;
  const ahead = typeAhead(id);
  reader.show(id, (pane) => {
    blurbs.restore(pane);
    ahead.intoField($("[data-field=blurb]", pane));
  });
}

// On the page of one story.
function setSectionHere(index) {
  const select = $(".place select");
  const option = [...select.options].filter(({ value }) => value)[index];
  if (!option) return;
  select.value = option.value;
  select.form.requestSubmit();
}

function setSection(index) {
  const section = $$("#section-keys li")[index];
  if (section) placeIn(targets(), section.dataset.key, section.textContent);
}

function filter() {
  const filters = $(".filters");
  filters.open = !filters.open;
  if (filters.open) $(".sheet", filters).scrollIntoView({ block: "nearest" }); // below the article on a phone
}

function skipSource() {
  const source = $(".source", current() ?? undefined)?.textContent.trim();
  if (source) skipMany({ source }, `Skipped all of ${source}`);
}

const onRow = {
  p: () => decide("pick", targets()),
  x: () => decide("skip", targets()),
  l: () => decide("later", targets()),
  m: () => toggle(current()),
  o: () => $(`${article} h2.title a`)?.click(),
  t: () => $(`${article} .fetch button`)?.click(),
  e: edit,
  s: () => $(`${article} .place select`)?.focus(),
  Enter: () => $(`${article} .reader`)?.focus(),
  " ": () => $(`${article} .reader`)?.scrollBy({ top: innerHeight * 0.6 }),
  '"': quote,
  q: quote, // where " is a dead key
  j: () => step(1),
  k: () => step(-1),
  J: () => step(1, { selecting: true }),
  K: () => step(-1, { selecting: true }),
};
const DECIDES = /^[pxlmes0-9]$/;
const isRan = list?.dataset.state === "ran"; // what earlier issues ran is read only
const nothingToDecide = () => say("An earlier issue ran this story: there is nothing to decide.");
const anywhere = {
  u: undo,
  g: () => group(selected()),
  f: filter,
  "/": () => $('input[type="search"]')?.focus(),
  "?": () => $("#keys")?.showModal(),
  Escape: () => (selected().length ? clear() : $(".filters[open]")?.removeAttribute("open")),
};

// On other pages the same keys press the buttons that are there.
const press = (verdict) => () => $(`.verdicts button[value=${verdict}]`)?.click();
const quoteHere = () => $(".read") && quote();
const onPage = {
  p: press("pick"),
  x: press("skip"),
  l: press("later"),
  e: () => $("[data-field=blurb]")?.focus(),
  s: () => $(".place select")?.focus(),
  o: () => $("h1 a[target]")?.click(),
  t: () => $(".fetch button")?.click(),
  '"': quoteHere,
  q: quoteHere,
  u: () => $("form:is(.undo, .last):not([hidden]) button")?.click(),
};

// Everything that the palette offers here, with its key.
function actions() {
  const onThis = [
    ["Pick", "p"], ["Skip", "x"], ["Later", "l"], ["Write the blurb", "e"], ["Quote the selected words", '"'],
    ["Open the article in a new tab", "o"], ["Fetch the text of the article", "t"], ["Choose the section", "s"], ["Select the story", "m"],
  ];
  const offered = current() ? onThis.filter(([, key]) => !isRan || !DECIDES.test(key)).map(([name, key]) => ({ name, key, run: onRow[key] })) : [];
  if (current() && !isRan) offered.push({ name: `Skip all of this source`, run: skipSource }, ...sections());
  if (list) {
    for (const percent of list.matches(".uncounted") ? [] : [1, 3, 5, 10]) {
      offered.push({ name: `Skip everything below ${percent} %`, run: () => skipMany({ below: percent / 100 }, `Skipped all below ${percent} %`) });
    }
    offered.push({ name: "Make the selected one entry", key: "g", run: anywhere.g }, { name: "Filter", key: "f", run: anywhere.f });
  }
  if ($("#last")) offered.push({ name: "Undo", key: "u", run: list ? undo : onPage.u });
  if ($('input[type="search"]')) offered.push({ name: "Search", key: "/", run: anywhere["/"] });
  offered.push({ name: "Show the keys", key: "?", run: anywhere["?"] });
  if (!list) offered.push(...onThisPage());
  for (const button of $$("[data-action]")) offered.push({ name: button.dataset.action, run: () => button.click() });
  for (const link of $$(".masthead nav a:not(.editor), .tabs a, .filters a.chip")) {
    const verb = link.matches(".masthead a") ? "Go to" : "Show";
    offered.push({ name: `${verb}: ${link.textContent.replace(/\s+/g, " ").trim()}`, run: () => link.click() });
  }
  return offered;
}

const sections = () =>
  $$("#section-keys li").map(({ textContent }, n) => ({ name: `Section: ${textContent}`, key: DIGITS[n], run: () => setSection(n) }));

// Every button that is seen on a page other than the list, by its words; what is folded away is unfolded by its summary.
function onThisPage() {
  const seen = $$("main :is(button, summary):not([data-action])").filter((node) => node.checkVisibility() && !node.disabled && !node.closest("#last"));
  return seen.map((node) => ({ name: words(node), run: () => node.click() }));
}

const words = (node) => node.ariaLabel ?? [...node.childNodes].filter(({ nodeName }) => nodeName !== "KBD").map(({ textContent }) => textContent).join("").replace(/\s+/g, " ").trim();

export const findAnything = () => openPalette(actions());

function inField(event) {
  const field = event.target;
  if (event.key === "Escape") {
    leaveField(field);
    refreshSoon();
  }
  if (event.key === "Enter" && field.matches(".place select")) event.preventDefault(), field.form.requestSubmit();
}

export function pressed(event) {
  if (isComposing(event)) return undefined;
  const dialog = $("dialog[open]");
  if (dialog && event.key === "Escape") {
    // now, not when the browser comes to it: the next key may be pressed before
    event.preventDefault();
    return dialog.close();
  }
  if (dialog) return undefined;
  if (isTyping() && !isField(event.target)) return typed(event);
  const field = event.target;
  if ((event.ctrlKey || event.metaKey) && meant(event) === "k") {
    event.preventDefault();
    return findAnything();
  }
  if (isText(field) && event.key === "Enter" && (event.ctrlKey || event.metaKey || field.matches(ONE_LINE))) {
    event.preventDefault();
    blurbs.save(keyOf(field), true);
    leaveField(field);
    return refreshSoon();
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (isField(field) || field.isContentEditable) return inField(event);
  if (field.matches("a, button, summary, input") && ["Enter", " "].includes(event.key)) return undefined;
  if (field.matches(".reader") && event.key === " ") return undefined;
  return act(event);
}

function act(event) {
  const key = meant(event);
  const digit = key.length === 1 ? DIGITS.indexOf(key) : -1;
  const onStory = isRan && DECIDES.test(key) ? nothingToDecide : onRow[key] ?? (digit >= 0 ? () => setSection(digit) : null);
  const onCurrent = list && current() ? onStory : null;
  const everywhere = list ? anywhere : { ...onPage, "?": anywhere["?"], "/": anywhere["/"] };
  if (digit >= 0 && !list && $(".verdicts ~ .place")) everywhere[key] = () => setSectionHere(digit);
  const action = onCurrent ?? everywhere[key];
  if (!action) return undefined;
  event.preventDefault();
  if (event.repeat && !HELD.has(key)) return undefined;
  // a key never decides on what is out of sight: the first one brings it into view
  if (onCurrent && !listing.isVisible(current())) return go(current());
  return action();
}
