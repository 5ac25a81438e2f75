// The list and the figures around it, as the server has them.
import { go } from "./cursor.js";
import { $, isWriting, parse } from "./dom.js";
import * as listing from "./list.js";
import { blurbs, queue } from "./outbox.js";
import { isReleased } from "./pointer.js";
import * as reader from "./reader.js";
import { tell } from "./said.js";
import { show as showSelected } from "./select.js";
import { undone } from "./undo.js";

const ROWS_AHEAD = 120; // kept below the cursor, so that quick keys never run out of rows
const QUIET_MS = 250;
const LATEST_MS = 1500;
const SCROLL_MS = 100;
const PLACES = { progress: "#progress", tabs: ".tabs", narrowed: "#narrowed", tail: "#tail", issue: "#issue-body", last: "#last" };
const body = document.body;
const { list, rowOf, current } = listing;

export const pending = new Map(); // id → {gone, seq}: what a key did to a row, until the server's list shows it too
const renew = new Set(); // ids of rows whose content changed
let version = null;
let digests = {};
let total = null;
let wanted = 0; // rows asked for, by scrolling or by keys

export const found = () => total ?? listing.rows().length;

export function renewRow(id) {
  if (!id) return;
  renew.add(id);
  reader.forget(id);
}

export const renewLast = () => delete digests.last; // what the server would undo is asked for, changed or not

// Renew the page when no decision was made for a while, and after `latest` at the latest: the order is computed anew.
export function refreshSoon(wait = QUIET_MS, latest = LATEST_MS) {
  if (!document.querySelector("#stories") && !$("#issue-body")) return;
  const now = performance.now();
  refreshSoon.due = Math.min(refreshSoon.due ?? Infinity, now + latest);
  clearTimeout(refreshSoon.timer);
  refreshSoon.timer = setTimeout(renewNow, Math.max(0, Math.min(wait, refreshSoon.due - now)));
}

function renewNow() {
  if (queue.items.length && performance.now() < refreshSoon.due) return refreshSoon();
  refreshSoon.due = null;
  return refresh().catch(() => {});
}

// Load more rows below. Resolves to whether there are more than before.
export async function grow(now = false) {
  const before = listing.rows().length;
  if (total !== null && before >= total) return false;
  wanted = before + ROWS_AHEAD;
  if (!now) return refreshSoon(SCROLL_MS, SCROLL_MS);
  await refresh().catch(() => {});
  return listing.rows().length > before;
}

// Load the rows down to a story, and put the cursor on it, or on the row at its place, unless it was moved meanwhile.
export async function goFurtherDown({ id, at }) {
  const before = current();
  wanted = at + ROWS_AHEAD;
  await refresh().catch(() => {});
  if (current() !== before || isWriting()) return;
  go(rowOf(id) ?? listing.rows()[at] ?? before);
}

// `anew`: the query changed; the rows stand in the server's order and the cursor on the first.
export async function refresh({ anew = false } = {}) {
  const asked = location.search;
  const query = new URLSearchParams(asked);
  const at = anew ? 0 : listing.rows().indexOf(current());
  const limit = Math.max(Math.max(at, 0) + ROWS_AHEAD + pending.size, anew ? 0 : wanted);
  query.set("limit", Math.min(Math.ceil(limit / 50) * 50, 10000));
  query.set("have", Object.entries(digests).map((pair) => pair.join(":")).join(" "));
  const response = await fetch("/update?" + query);
  if (!response.ok) return;
  const news = await response.json();
  await isReleased();
  if (news.seq < Number(body.dataset.seq) || asked !== location.search) return;
  settle(news.seq);
  await takeRows(news, { anew, at });
  body.dataset.seq = news.seq;
  version = news.version;
  total = news.found;
  showFigures(news);
}

function settle(seq) {
  for (const [id, change] of pending) if (change.seq !== null && change.seq <= seq) pending.delete(id);
}

async function takeRows(news, { anew, at }) {
  const gone = (id) => pending.get(id)?.gone;
  const ids = news.order.filter((id) => !gone(id));
  const renewed = [...renew];
  renew.clear();
  const refused = () => listing.rows().filter((row) => row.classList.contains("refused"));
  const leaving = [current(), ...refused()].map((row) => row?.dataset.id).filter((id) => id && !ids.includes(id) && !gone(id));
  const fresh = await listing.fetchRows([...ids.filter((id) => renewed.includes(id) || !rowOf(id)), ...new Set(leaving)]);
  for (const row of fresh) if (!gone(row.dataset.id)) take(row);
  if (anew) {
    listing.replaceAll(ids.filter((id) => !gone(id)));
    return afterwards(null);
  }
  const here = [...pending].filter(([id, change]) => !change.gone && rowOf(id)).map(([id]) => id);
  const still = ids.filter((id) => !gone(id));
  for (const row of new Set([current(), ...refused()])) {
    if (!row || still.includes(row.dataset.id) || !staysUntilLeft(row)) continue;
    row.dataset.left = "";
    here.push(row.dataset.id);
  }
  const before = current();
  const following = before?.nextElementSibling;
  listing.arrange([...here.filter((id) => !still.includes(id)), ...still]);
  if (before?.isConnected && renewed.includes(before.dataset.id)) renewArticle(before.dataset.id);
  return afterwards(before, following, at);
}

// A row that another editor decided on stays under the cursor, and the row whose blurb is being written, so that no key
// falls on the next one. The row of a refused decision stays until the cursor has been there.
function staysUntilLeft(row) {
  return row.matches(".refused") || $(".taken", row) || (isWriting() && $('[data-pane="article"]').contains(document.activeElement));
}

function afterwards(before, following, at = 0) {
  if (!before?.isConnected) go(following?.isConnected ? following : listing.rows()[Math.max(at, 0)] ?? listing.rows().at(-1));
  $("#none").hidden = listing.rows().length > 0;
  showSelected();
}

function take(row) {
  const old = rowOf(row.dataset.id);
  if (!old) return list.append(row);
  const box = $("input", row);
  if (box) box.checked = $("input", old)?.checked ?? false;
  const isCurrent = old === current();
  const hadFocus = old.contains(document.activeElement);
  row.classList.toggle("refused", old.classList.contains("refused"));
  old.replaceWith(row);
  if (isCurrent) row.setAttribute("aria-current", "true");
  return hadFocus && row.focus({ preventScroll: true });
}

function renewArticle(id) {
  const isEdited = blurbs.isUnsaved(id) || $('[data-pane="article"]').contains(document.activeElement);
  if (reader.shownId() === id && !isEdited) reader.show(id, (pane) => blurbs.restore(pane), { again: true });
}

function showFigures({ parts, order, percent, digests: now }) {
  order.forEach((id, n) => {
    const row = rowOf(id);
    const shown = row && $(".n", row);
    if (!shown || percent[n] === null || shown.textContent === `${percent[n]}%`) return;
    shown.textContent = `${percent[n]}%`;
    $(".part", row).setAttribute("width", percent[n]);
  });
  const more = $("#more");
  if (more) more.hidden = listing.rows().length >= total;
  for (const [name, html] of Object.entries(parts)) if (!mayReplace(name) || !replace(PLACES[name], html)) delete now[name];
  digests = now;
}

const mayReplace = (name) => name !== "last" || (!queue.items.length && !undone.length);

function replace(selector, html) {
  const old = $(selector);
  if (!old) return true;
  if (old.contains(document.activeElement) && isWriting()) return false;
  const fresh = parse(html).firstElementChild;
  if (old.outerHTML !== fresh.outerHTML) {
    const focused = old.contains(document.activeElement) && likeness(document.activeElement);
    old.replaceWith(fresh);
    if (focused) $(focused, fresh)?.focus({ preventScroll: true });
  }
  blurbs.restore(document);
  document.dispatchEvent(new CustomEvent("triage:replaced", { detail: selector }));
  return true;
}

// A selector for the same button or link in a part that was rendered anew, so that it keeps the focus.
function likeness(node) {
  const names = ["data-move", "data-separate", "data-edit", "data-of", "href", "data-key"].filter((name) => node.hasAttribute(name));
  const own = names.map((name) => `[${name}="${CSS.escape(node.getAttribute(name))}"]`).join("");
  const entry = node.closest("[data-entry]");
  return own && (entry ? `[data-entry="${entry.dataset.entry}"] ${own}` : own);
}

export async function poll() {
  if (document.hidden || queue.sending) return;
  try {
    const response = await fetch("/api/changes?after=" + body.dataset.seq);
    if (!response.ok) return;
    const news = await response.json();
    if (queue.problem) queue.warn(null);
    version ??= news.version;
    if (news.seq === Number(body.dataset.seq) && news.version === version) return;
    const others = news.decisions.filter((decision) => decision.editor !== (body.dataset.editor || "editor"));
    for (const { article_id: id } of news.decisions) if (id) renewRow(id);
    if (news.version !== version) listing.rows().forEach((row) => renewRow(row.dataset.id));
    await refresh();
    const names = [...new Set(others.map((decision) => decision.editor))];
    if (names.length) tell(`${names.join(", ")} decided on ${others.length}.`);
  } catch {
    queue.warn("The desk does not answer.");
  }
}
