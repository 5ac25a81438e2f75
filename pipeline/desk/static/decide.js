// Decisions: shown at once, sent in order by the queue, taken back if they are refused.
import { go, nothingLeft } from "./cursor.js";
import { $, parse } from "./dom.js";
import * as listing from "./list.js";
import { blurbs, name, queue, request } from "./outbox.js";
import { newId } from "./queue.js";
import * as reader from "./reader.js";
import { pending, refreshSoon, renewLast, renewRow } from "./refresh.js";
import { say } from "./said.js";
import { clear, selected } from "./select.js";
import { forget, remember, showLast, undone } from "./undo.js";

export const STATES = { pick: "picked", skip: "skipped", later: "later", undo: "new" };
export const WORDS = { pick: "Picked", skip: "Skipped", later: "Put off", undo: "Back to new:", section: "Section of" };
const { list, rowOf, current } = listing;

queue.onDone = acknowledged;
queue.onRefused = refused;

const called = (ids) => (ids.length === 1 ? name(ids[0]) : `${ids.length} stories`);

// Ids that a key acts on: the selected stories, else the one under the cursor.
export const targets = () => (selected().length ? selected() : current() ? [current().dataset.id] : []);

export function decide(verdict, ids, section = null) {
  const requestId = newId();
  const label = `${WORDS[verdict]} ${called(ids)}`;
  const leaves = verdict !== "section" && STATES[verdict] !== list?.dataset.state;
  const rows = leaves ? takeAway(ids, requestId) : [];
  if (!leaves && verdict !== "section" && current()?.nextElementSibling) go(current().nextElementSibling);
  clear();
  remember(requestId, ids[0], label, rows);
  const body = request({ ids, verdict, section, request_id: requestId });
  queue.add({ kind: verdict === "section" ? "section" : "decide", label, path: "/api/decisions", body, rows: ids.length > 20 ? [] : rows });
  ids.forEach(reader.forget);
}

// Remove rows from the list; the cursor goes to the next one that stays. Returns what is needed to put them back.
function takeAway(ids, requestId) {
  const rows = ids.map(rowOf).filter(Boolean);
  for (const id of ids) pending.set(id, { gone: true, request: requestId, seq: null });
  const at = current();
  let next = at;
  while (next && rows.includes(next)) next = next.nextElementSibling;
  next ??= listing.rows().findLast((row) => !rows.includes(row));
  const kept = rows.map((row) => ({ id: row.dataset.id, html: row.outerHTML, before: row.nextElementSibling?.dataset.id }));
  if (rows.includes(at) && next) go(next);
  for (const row of rows) row.remove();
  if (!listing.rows().length) nothingLeft();
  return kept;
}

function putBack(rows, requestId = null) {
  for (const { id, html, before } of [...rows].reverse()) {
    if (rowOf(id)) continue;
    if (requestId) pending.set(id, { gone: false, request: requestId, seq: null });
    const row = parse(html).firstElementChild;
    row.removeAttribute("aria-current");
    $("input", row)?.removeAttribute("checked");
    listing.insert(row, rowOf(before) ?? current());
  }
}

export function undo() {
  const last = undone.pop();
  const form = $("#last");
  if (!last && (!form || form.hidden)) return say("There is nothing to undo.");
  const id = last?.id ?? form.dataset.story;
  const label = last?.label ?? $(".what", form).textContent.trim();
  const requestId = newId();
  if (list && last) putBack(last.rows, requestId);
  if (rowOf(id)) go(rowOf(id));
  reader.forget(id);
  queue.add({ kind: "undo", id, label: `Undone: ${label}`, path: "/api/undo", body: request({ of: last?.of ?? (form.dataset.of || null), request_id: requestId }) });
  if (undone.length) showLast();
  else form.hidden = true;
  return say(`Undone: ${label}`);
}

async function afterUndo(item, answer) {
  const ids = answer.decisions.map((decision) => decision.article_id).filter(Boolean);
  if (!answer.decisions.length) return say("There was nothing left to undo.");
  const id = ids.at(-1); // the last decision is reverted first: this was the first one
  ids.forEach(renewRow);
  if (!list || !id || rowOf(id) || pending.get(id)?.gone) return undefined;
  const [row] = await listing.fetchRows([id]);
  if (!row || rowOf(id) || row.classList[1] !== list.dataset.state) return undefined;
  pending.set(id, { gone: false, request: item.body.request_id, seq: answer.seq });
  listing.insert(row, current());
  return go(row);
}

export function placeIn(ids, section, sectionName) {
  decide("section", ids, section);
  for (const id of ids) {
    const shown = $(".place-name", rowOf(id) ?? undefined);
    if (rowOf(id) && shown) shown.lastChild.textContent = sectionName;
  }
  say(`Section set: ${sectionName.trim()}`);
}

// Send a request that takes no row away by itself; `ids[0]` comes under the cursor when it is undone.
export function send(path, extra, label) {
  const requestId = newId();
  remember(requestId, extra.ids?.[0] ?? extra.id ?? null, label);
  queue.add({ kind: "other", label, path, body: request({ ...extra, request_id: requestId }) });
}

export function group(ids) {
  if (!ids.length) return;
  clear();
  send("/api/groups", { ids }, ids.length > 1 ? `Grouped ${ids.length} stories` : "Separated a story");
  ids.forEach(renewRow);
}

export function skipMany({ below = null, source = null }, label) {
  send("/api/skips", { below, source }, label);
}

function acknowledged(item, answer) {
  const ids = item.body.ids ?? [item.body.id ?? item.id];
  for (const id of ids) {
    const change = pending.get(id);
    if (change?.request === item.body.request_id) change.seq = answer.seq;
  }
  if (item.kind === "undo") for (const change of pending.values()) if (change.request === item.body.request_id) change.seq = answer.seq;
  if (item.kind === "note") blurbs.done(item.body);
  if (item.kind === "undo") afterUndo(item, answer);
  if (answer.skipped !== undefined) say(answer.skipped ? `${answer.skipped} ${answer.skipped === 1 ? "story" : "stories"} skipped.` : "No story was skipped: none is left there.");
  if (answer.skipped === 0) notDone(item.body.request_id);
  if (item.kind !== "decide") ids.forEach(renewRow);
  refreshSoon();
}

// Nothing came of a request: undo is of the one before.
function notDone(requestId) {
  forget(requestId?.split(":")[0]);
  renewLast();
}

function refused(item, error) {
  const requestId = item.body.request_id;
  notDone(requestId);
  if (item.kind === "note") return blurbs.failed(item.body, error);
  for (const id of item.body.ids ?? [item.body.id ?? item.id]) {
    if (pending.get(id)?.request === requestId) pending.delete(id);
  }
  if (list) putBack(item.rows ?? []);
  for (const { id } of item.rows ?? []) rowOf(id)?.classList.add("refused");
  (item.body.ids ?? []).forEach(renewRow);
  say(error, true);
  return refreshSoon();
}
