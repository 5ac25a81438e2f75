// The cursor: the row that keys act on, and the article beside it.
import { $ } from "./dom.js";
import * as listing from "./list.js";
import { blurbs } from "./outbox.js";
import * as reader from "./reader.js";

const { list, current } = listing;
const NEAR_END = 40; // rows below the cursor, at which more are loaded

export function go(row, settings) {
  if (!row) return nothingLeft();
  listing.moveTo(row, settings);
  reader.show(row.dataset.id, (pane) => blurbs.restore(pane));
  clearTimeout(go.timer);
  go.timer = setTimeout(() => current() && reader.fetchAhead(current().nextElementSibling), 60);
  const rows = list.children;
  if (rows.length > NEAR_END && [...rows].indexOf(row) > rows.length - NEAR_END) document.dispatchEvent(new CustomEvent("triage:near-end"));
  return undefined;
}

export function nothingLeft() {
  $("#none").hidden = false;
  reader.clear();
}

export function leaveField(field) {
  if (field.matches(".place select")) field.form.reset();
  field.blur();
  current()?.focus({ preventScroll: true });
}
