// The list: its cursor, rows that come and go, and their order.
import { $, fetchText, isWriting, parse } from "./dom.js";
import { getOfTab, setOfTab } from "./storage.js";

const AT_ONCE = 200; // rows in one request: its address has their ids

export const list = $("#stories");
const scroller = $("#rows");
const isNarrow = () => !matchMedia("(min-width: 56rem)").matches; // the article is above the list, one page scrolls
const place = () => "triage.cursor." + location.pathname + location.search;

export const rows = () => (list ? [...list.children] : []);
export const rowOf = (id) => document.getElementById("s-" + id);

const isMarked = (row) => row?.isConnected && row.ariaCurrent === "true";
let marked = null;

// Remembered: to look for it takes milliseconds at the end of thousands of rows.
export const current = () => list && (isMarked(marked) ? marked : (marked = rows().find(isMarked) ?? null));

export function moveTo(row, { scroll = true } = {}) {
  const before = current();
  if (before !== row) before?.removeAttribute("aria-current");
  if (before !== row && before?.hasAttribute("data-left")) before.remove();
  if (!row) return;
  row.setAttribute("aria-current", "true");
  setOfTab(place(), [row.dataset.id, rows().indexOf(row)]);
  if (!isWriting()) row.focus({ preventScroll: true });
  if (isNarrow()) scrollTo(0, 0);
  else if (scroll) row.scrollIntoView({ block: "nearest" });
}

export function isVisible(row) {
  if (isNarrow()) return $('[data-pane="article"] .title')?.getBoundingClientRect().bottom > 0;
  const box = row.getBoundingClientRect();
  const frame = scroller.getBoundingClientRect();
  const middle = (box.top + box.bottom) / 2;
  return middle > frame.top && middle < frame.bottom;
}

// Where the cursor was before a reload, else the row at its place, else the one the server chose. Returns the id and
// place of a story further down than the rows that are there.
export function restoreCursor() {
  const [id, at] = getOfTab(place()) ?? [null, 0];
  const asked = new URLSearchParams(location.search).get("at");
  const row = (asked && rowOf(asked)) || rowOf(id) || rows()[at];
  moveTo(row || rows().at(-1));
  return row || !id ? null : { id, at };
}

export function insert(row, before) {
  if (before?.parentNode === list) before.before(row);
  else list.append(row);
}

export async function fetchRows(ids) {
  if (!ids.length) return [];
  const found = [];
  for (let n = 0; n < ids.length; n += AT_ONCE) {
    const query = new URLSearchParams(location.search);
    query.delete("id");
    for (const id of ids.slice(n, n + AT_ONCE)) query.append("id", id);
    found.push(...parse(await fetchText("/rows?" + query)).children);
  }
  return found;
}

// Show these rows and no other, in this order, from the top.
export function replaceAll(ids) {
  current()?.removeAttribute("aria-current");
  list.replaceChildren(...ids.map(rowOf).filter(Boolean));
  scroller.scrollTop = 0;
}

// Take over the server's order. Rows down to the cursor keep theirs, so that nothing moves under the editor's eyes.
export function arrange(ids) {
  const at = current();
  const top = at?.getBoundingClientRect().top;
  const wanted = new Set(ids);
  const held = [];
  for (const row of rows()) {
    if (wanted.has(row.dataset.id)) held.push(row.dataset.id);
    if (row === at) break;
  }
  const keep = new Set(at && wanted.has(at.dataset.id) ? held : []);
  const order = [...keep, ...ids.filter((id) => !keep.has(id))];
  for (const row of rows()) if (!wanted.has(row.dataset.id)) row.remove();
  let next = list.firstElementChild;
  for (const id of order) {
    const row = rowOf(id);
    if (!row) continue;
    if (row === next) next = next.nextElementSibling;
    else list.insertBefore(row, next);
  }
  if (at?.isConnected && top !== undefined) {
    const moved = at.getBoundingClientRect().top - top;
    if (Math.abs(moved) > 1) scroller.scrollBy(0, moved);
  }
}
