// Forms and clicks, done without leaving the page. Every form also works without this script.
import { go, leaveField } from "./cursor.js";
import { decide, group, placeIn, send, skipMany, undo } from "./decide.js";
import { $, $$, isField } from "./dom.js";
import { list } from "./list.js";
import { blurbs } from "./outbox.js";
import * as reader from "./reader.js";
import { refreshSoon } from "./refresh.js";
import { say } from "./said.js";
import { selected, show as showSelected } from "./select.js";

const actions = {
  ".verdicts": (form, value, button) => decide(button.value, [value("id")]),
  ".place": (form, value) =>
    value("section") && placeIn([value("id")], value("section"), $("option:checked", form).textContent.replace(/\s+\d+%\s*$/, "")),
  ".blurb": (form, value) => {
    blurbs.typed($("textarea", form));
    blurbs.save(`note/${value("id")}`, true);
  },
  ".fetch": (form) => {
    $("button", form).disabled = true;
    say("Fetching the text…");
    reader.fetchPage(form).catch(() => say("Its page could not be fetched.", true));
  },
  ".edit": (form) => blurbs.saveAll(),
  ".last": () => undo(),
  ".tail": (form, value) => skipMany({ below: Number(value("below")) }, `Skipped ${form.textContent.match(/[\d,]+(?= hold)/)?.[0] ?? ""} stories`),
  "#skip-source": (form, value) => skipMany({ source: value("source") }, `Skipped all of ${value("source")}`),
  ".group": (form, value, button) => (button?.value ? selected().length && decide(button.value, selected()) : group(selected())),
  ".members form": (form, value) => group([value("id")]),
  ".mutes form": (form, value) => send("/api/mutes", { kind: value("kind"), value: value("value") }, `Muted ${value("value")}`),
};

function submitted(event) {
  const form = event.target;
  if (!list && !form.matches(".blurb")) return;
  const match = Object.keys(actions).find((selector) => form.matches(selector));
  if (!match) return;
  event.preventDefault();
  actions[match](form, (name) => form.elements[name]?.value, event.submitter);
  if (form.contains(document.activeElement)) leaveField(document.activeElement);
  refreshSoon();
}

function clicked(event) {
  const row = event.target.closest?.(".story");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.matches("input")) return showSelected();
  event.preventDefault();
  go(row, { scroll: false });
}

export function handleForms() {
  document.addEventListener("submit", submitted);
  document.addEventListener("focusout", (event) => {
    const { target, relatedTarget } = event;
    if (target.matches?.(".place select") && !target.form.contains(relatedTarget)) target.form.reset();
  });
  if (list) list.addEventListener("click", clicked);
  // an open sheet of filters closes when something else is clicked
  document.addEventListener("click", (event) => {
    const sheet = $(".filters[open]");
    if (sheet && !sheet.contains(event.target) && !isField(event.target)) sheet.open = false;
    for (const menu of $$(".menu[open]")) if (!menu.contains(event.target) || event.target.matches("a, button")) menu.open = false;
  });
}
