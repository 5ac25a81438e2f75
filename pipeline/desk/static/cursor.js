// The cursor: the row that keys act on, and the article beside it.
import { $, isField } from "./dom.js";
import { blurbs } from "./decide.js";
import * as listing from "./list.js";
import * as reader from "./reader.js";
import { found, grow } from "./refresh.js";
import { say } from "./said.js";
import { toggle } from "./select.js";

const { list, current } = listing;

export function go(row, settings) {
  if (!row) return nothingLeft();
  listing.moveTo(row, settings);
  reader.show(row.dataset.id, (pane) => blurbs.restore(pane));
  clearTimeout(go.timer);
  go.timer = setTimeout(() => current() && reader.fetchAhead(current().nextElementSibling), 60);
  const rows = list.children;
  if (rows.length > 40 && [...rows].indexOf(row) > rows.length - 40) grow();
  return undefined;
}

export async function step(by, { selecting = false } = {}) {
  const row = current();
  if (selecting && row) toggle(row, true);
  let next = by > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  if (!next && by > 0 && (await grow(true))) next = current()?.nextElementSibling;
  if (!next) return say(by > 0 ? `That was the last of ${found()}.` : "This is the first.");
  go(next);
  return selecting && toggle(next, true);
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

export const isInArticle = (node) => isField(node) && Boolean(node.closest('[data-pane="article"]'));
