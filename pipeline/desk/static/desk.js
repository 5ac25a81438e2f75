// Keys act at once on the row under the cursor; the queue sends what was decided, in order. Every form works without
// this script.
import { Blurbs, isBlurb } from "./blurbs.js";
import { $, $$, isField, isWriting, parse } from "./dom.js";
import { copyDraft } from "./draft.js";
import * as listing from "./list.js";
import { Queue, newId } from "./queue.js";
import * as reader from "./reader.js";

const POLL_MS = 2000;
const ROWS_AHEAD = 120; // kept below the cursor, so that quick keys never run out of rows
const STATES = { pick: "picked", skip: "skipped", later: "later", undo: "new" };
const WORDS = { pick: "Picked", skip: "Skipped", later: "Put off", undo: "Back to new:", section: "Section of" };
const body = document.body;
const { list, rowOf, current } = listing;

const pending = new Map(); // id → {gone, seq}: what a key did to a row, until the server's list shows it too
const undone = []; // {of, id, label, html}: what `u` reverts, the last at the end
const renew = new Set(); // ids of rows whose content changed
let version = null;

const title = (id) => $(".title", rowOf(id) ?? undefined)?.textContent.trim() ?? "the story";
const request = (extra) => ({ ...extra, seen: Number(body.dataset.seq), editor: body.dataset.editor || null });

function say(sentence, isError = false) {
  const said = $("#said");
  said.textContent = sentence;
  said.classList.toggle("error", isError);
  clearTimeout(say.timer);
  if (!isError) say.timer = setTimeout(() => (said.textContent = ""), 4000);
}

// --- the queue and what becomes of it ---

const queue = new Queue({ onDone: acknowledged, onRefused: refused, onState: showUnsent });
const blurbs = new Blurbs({ queue, request, onEdit: (id, edit) => remember(edit, id, `Blurb of “${title(id)}”`) });

function showUnsent(count, problem) {
  const banner = $("#unsent");
  banner.hidden = !problem;
  const what = count === 1 ? "1 decision is" : `${count} decisions are`;
  const sentence = problem ? `${problem} ${what} kept in this browser and sent as soon as it can be.` : "";
  if ($("p", banner).textContent !== sentence) $("p", banner).textContent = sentence;
}

function acknowledged(item, answer) {
  const id = item.body.id ?? item.body.ids?.[0] ?? item.id;
  if (pending.has(id) && pending.get(id).request === item.body.request_id) pending.get(id).seq = answer.seq;
  if (item.kind === "note") blurbs.done(item.body);
  if (item.kind === "undo") afterUndo(item, answer);
  if (item.kind !== "decide") renewRow(id);
  refreshSoon();
}

function refused(item, error) {
  const { request_id: requestId } = item.body;
  const id = item.body.id ?? item.body.ids?.[0] ?? item.id;
  forget(requestId?.split(":")[0]);
  if (item.kind === "note") return blurbs.failed(item.body, error);
  if (pending.get(id)?.request === requestId) pending.delete(id);
  if (item.html && list && !rowOf(id)) {
    const row = parse(item.html).firstElementChild;
    row.removeAttribute("aria-current");
    listing.insert(row, rowOf(item.before) ?? current());
  }
  rowOf(id)?.classList.add("refused");
  renewRow(id);
  say(error, true);
  refreshSoon();
}

function remember(of, id, label, html = null) {
  undone.push({ of, id, label, html });
  showLast();
}

function forget(of) {
  const at = undone.findIndex((entry) => entry.of === of);
  if (at >= 0) undone.splice(at, 1);
  showLast();
}

function showLast() {
  const form = $("#last");
  const last = undone.at(-1);
  if (!form || !last) return;
  form.hidden = false;
  $(".what", form).textContent = last.label;
}

// --- deciding ---

function decide(verdict, id, section = null) {
  const row = rowOf(id);
  const label = `${WORDS[verdict]} “${title(id)}”`;
  const requestId = newId();
  const leaves = verdict !== "section" && row && STATES[verdict] !== list.dataset.state;
  const html = leaves ? row.outerHTML : null;
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  const isCurrent = row && row === current();
  if (leaves) {
    pending.set(id, { gone: true, request: requestId, seq: null });
    if (isCurrent && next) go(next);
    row.remove();
    if (!next) nothingLeft();
  } else if (verdict !== "section" && isCurrent && row.nextElementSibling) {
    go(row.nextElementSibling);
  }
  remember(requestId, id, label, html);
  const asked = request({ ids: [id], verdict, section, request_id: requestId });
  queue.add({ kind: verdict === "section" ? "section" : "decide", path: "/api/decisions", body: asked, html, before: next?.dataset.id });
  reader.forget(id);
}

function undo() {
  const last = undone.pop();
  const form = $("#last");
  if (!last && (!form || form.hidden)) return say("There is nothing to undo.");
  const id = last?.id ?? form.dataset.id;
  const label = last?.label ?? $(".what", form).textContent.trim();
  const requestId = newId();
  if (last?.html && !rowOf(id)) {
    pending.set(id, { gone: false, request: requestId, seq: null });
    const row = parse(last.html).firstElementChild;
    row.removeAttribute("aria-current");
    listing.insert(row, current());
    go(row);
  } else if (rowOf(id)) {
    go(rowOf(id));
  }
  reader.forget(id);
  queue.add({ kind: "undo", id, path: "/api/undo", body: request({ of: last?.of ?? null, request_id: requestId }) });
  if (undone.length) showLast();
  else form.hidden = true;
  say(`Undone: ${label}`);
}

async function afterUndo(item, answer) {
  const id = answer.decisions[0]?.article_id;
  if (!answer.decisions.length) return say("There was nothing left to undo.");
  if (!id || rowOf(id) || pending.get(id)?.gone) return undefined;
  const [row] = await listing.fetchRows([id]);
  if (!row || rowOf(id) || row.classList[1] !== list.dataset.state) return undefined;
  pending.set(id, { gone: false, request: item.body.request_id, seq: answer.seq });
  listing.insert(row, current());
  return go(row);
}

function nothingLeft() {
  $("#none").hidden = false;
  reader.clear();
}

function send(path, extra, label) {
  const requestId = newId();
  remember(requestId, extra.ids?.[0] ?? null, label);
  queue.add({ kind: "other", path, body: request({ ...extra, request_id: requestId }) });
}

function group(ids) {
  if (!ids.length) return;
  for (const box of $$("#stories input:checked")) box.checked = false;
  send("/api/groups", { ids }, ids.length > 1 ? `Grouped ${ids.length} stories` : "Separated a story");
  ids.forEach(renewRow);
}

// --- the list as the server has it ---

function renewRow(id) {
  renew.add(id);
  reader.forget(id);
}

function refreshSoon(wait = 150) {
  if (!list) return;
  refreshSoon.timer ??= setTimeout(() => {
    refreshSoon.timer = null;
    refresh().catch(() => {});
  }, wait);
}

async function refresh() {
  const query = new URLSearchParams(location.search);
  const at = listing.rows().indexOf(current());
  query.set("limit", Math.ceil((Math.max(at, 0) + ROWS_AHEAD + pending.size) / 50) * 50);
  const response = await fetch("/update?" + query);
  if (!response.ok) return;
  const news = await response.json();
  if (news.seq < Number(body.dataset.seq)) return;
  for (const [id, change] of pending) if (change.seq !== null && change.seq <= news.seq) pending.delete(id);
  const gone = (id) => pending.get(id)?.gone;
  const ids = news.order.map(([id]) => id).filter((id) => !gone(id));
  const renewed = [...renew];
  renew.clear();
  const fresh = await listing.fetchRows(ids.filter((id) => renewed.includes(id) || !rowOf(id)));
  for (const row of fresh) if (!gone(row.dataset.id)) take(row);
  const here = [...pending].filter(([id, change]) => !change.gone && rowOf(id)).map(([id]) => id);
  // the row whose blurb is being written stays until its writer leaves it
  if (current() && isWriting() && $('[data-pane="article"]').contains(document.activeElement)) here.push(current().dataset.id);
  const still = ids.filter((id) => !gone(id));
  const before = current();
  const following = before?.nextElementSibling;
  listing.arrange([...here.filter((id) => !still.includes(id)), ...still]);
  body.dataset.seq = news.seq;
  version = news.version;
  showFigures(news);
  if (!before?.isConnected) go(following?.isConnected ? following : listing.rows()[Math.max(at, 0)] ?? listing.rows().at(-1));
  else if (renewed.includes(before.dataset.id)) renewArticle(before.dataset.id);
  $("#none").hidden = listing.rows().length > 0;
}

function take(row) {
  const old = rowOf(row.dataset.id);
  if (!old) return list.append(row);
  const box = $("input", row);
  if (box) box.checked = $("input", old)?.checked ?? false;
  const isCurrent = old === current();
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(row);
  if (isCurrent) row.setAttribute("aria-current", "true");
  return hadFocus && row.focus({ preventScroll: true });
}

function renewArticle(id) {
  const isEdited = blurbs.isUnsaved(id) || $('[data-pane="article"]').contains(document.activeElement);
  if (reader.shownId() === id && !isEdited) reader.show(id, (pane) => blurbs.restore(pane), { again: true });
}

function showFigures({ parts, order }) {
  for (const [id, percent] of order) {
    const row = rowOf(id);
    if (!row || percent === null || !$(".n", row)) continue;
    $(".n", row).textContent = `${percent}%`;
    $(".part", row).setAttribute("width", percent);
  }
  replace("#progress", parts.progress);
  replace(".tabs", parts.tabs);
  replace("#columns", parts.issue);
  if (!queue.items.length && !undone.length) replace("#last", parts.last);
}

function replace(selector, html) {
  const old = $(selector);
  if (!old || (old.contains(document.activeElement) && isWriting())) return;
  const fresh = parse(html).firstElementChild;
  if (old.outerHTML !== fresh.outerHTML) old.replaceWith(fresh);
}

async function poll() {
  if (document.hidden || queue.sending) return;
  try {
    const response = await fetch("/api/changes?after=" + body.dataset.seq);
    if (!response.ok) return;
    const news = await response.json();
    if (queue.problem && !queue.items.length) queue.warn(null);
    version ??= news.version;
    if (news.seq === Number(body.dataset.seq) && news.version === version) return;
    const others = news.decisions.filter((decision) => decision.editor !== (body.dataset.editor || "editor"));
    for (const { article_id: id } of news.decisions) if (id) renewRow(id);
    if (news.version !== version) listing.rows().forEach((row) => renewRow(row.dataset.id));
    await refresh();
    const names = [...new Set(others.map((decision) => decision.editor))];
    if (names.length) say(`${names.join(", ")} decided on ${others.length}.`);
  } catch {
    queue.warn("The desk does not answer.");
  }
}

// --- the cursor ---

function go(row, settings) {
  if (!row) return nothingLeft();
  listing.moveTo(row, settings);
  reader.show(row.dataset.id, (pane) => blurbs.restore(pane));
  clearTimeout(go.timer);
  go.timer = setTimeout(() => current() && reader.fetchAhead(current().nextElementSibling), 60);
  const rows = list.children.length;
  if (rows > 40 && [...list.children].indexOf(row) > rows - 40) refreshSoon();
  return undefined;
}

function step(by) {
  const row = current();
  const next = by > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  if (next) go(next);
}

// --- keys ---

let typedAhead = null; // what is typed after `e` while the article is still on its way

function edit() {
  const id = current().dataset.id;
  const focus = (pane) => {
    const field = $("[data-field=blurb]", pane);
    if (field) {
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
      if (typedAhead) field.setRangeText(typedAhead, field.value.length, field.value.length, "end");
      if (typedAhead) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    typedAhead = null;
  };
  typedAhead = "";
  reader.show(id, (pane) => (blurbs.restore(pane), focus(pane)));
}

function leaveField(field) {
  if (field.matches(".place select")) field.form.reset();
  field.blur();
  current()?.focus({ preventScroll: true });
  refreshSoon();
}

function setSection(index) {
  const select = $('[data-pane="article"] .place select');
  const options = $$("option", select ?? undefined).filter((option) => option.value && option.closest(".place"));
  if (reader.shownId() !== current().dataset.id || !options[index]) return;
  placeIn(current().dataset.id, options[index].value, options[index].textContent.replace(/\s+\d+%$/, ""));
}

function placeIn(id, section, name) {
  decide("section", id, section);
  const shown = $(".place-name", rowOf(id) ?? undefined);
  if (rowOf(id) && shown) shown.lastChild.textContent = name;
  say(`Section set: ${name.trim()}`);
}

const onRow = {
  p: () => decide("pick", current().dataset.id),
  x: () => decide("skip", current().dataset.id),
  l: () => decide("later", current().dataset.id),
  m: () => $("input", current())?.click(),
  o: () => $('[data-pane="article"] h2.title a')?.click(),
  e: edit,
  s: () => $('[data-pane="article"] .place select')?.focus(),
  Enter: () => $('[data-pane="article"] .reader')?.focus(),
  " ": () => $('[data-pane="article"] .reader')?.scrollBy({ top: innerHeight * 0.6 }),
  j: () => step(1),
  k: () => step(-1),
};
const anywhere = {
  u: undo,
  g: () => group($$("#stories input:checked").map((box) => box.value)),
  "/": () => $('input[type="search"]')?.focus(),
  "?": () => $("#keys")?.showModal(),
};

function pressed(event) {
  if ($("dialog[open]")) return;
  const field = event.target;
  if (isBlurb(field) && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    blurbs.save(field.form.elements.id.value, true);
    return leaveField(field);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isField(field)) {
    if (event.key === "Escape") leaveField(field);
    if (event.key === "Enter" && field.matches(".place select")) event.preventDefault(), field.form.requestSubmit();
    return;
  }
  if (typedAhead !== null) {
    event.preventDefault();
    if (event.key.length === 1) typedAhead += event.key;
    return;
  }
  if (field.matches("a, button, summary, input") && ["Enter", " "].includes(event.key)) return;
  if (field.matches(".reader") && event.key === " ") return;
  if (!list) return;
  const digit = "1234567890".indexOf(event.key);
  const act = onRow[event.key] ?? (digit >= 0 && event.key.length === 1 ? () => setSection(digit) : null);
  if (act && current()) {
    event.preventDefault();
    // a key never decides on what is out of sight: the first one brings it into view
    if (!listing.isVisible(current())) return go(current());
    act();
  } else if (anywhere[event.key]) {
    event.preventDefault();
    anywhere[event.key]();
  }
}

// --- forms ---

function submitted(event) {
  const form = event.target;
  const value = (name) => form.elements[name]?.value;
  const isBlurbForm = form.matches(".blurb");
  if (!list && !isBlurbForm) return;
  const actions = {
    ".verdicts": () => decide(event.submitter.value, value("id")),
    ".place": () => value("section") && placeIn(value("id"), value("section"), $("option:checked", form).textContent.replace(/\s+\d+%\s*$/, "")),
    ".blurb": () => {
      blurbs.typed($("textarea", form));
      blurbs.save(value("id"), true);
    },
    ".last": undo,
    ".group": () => group($$("#stories input:checked").map((box) => box.value)),
    ".members form": () => group([value("id")]),
    ".mutes form": () => send("/api/mutes", { kind: value("kind"), value: value("value") }, `Muted ${value("value")}`),
  };
  const match = Object.keys(actions).find((selector) => form.matches(selector));
  if (!match) return;
  event.preventDefault();
  actions[match]();
  if (form.contains(document.activeElement)) leaveField(document.activeElement);
}

document.addEventListener("keydown", pressed);
document.addEventListener("submit", submitted);
document.addEventListener("focusout", (event) => {
  const { target, relatedTarget } = event;
  if (target.matches?.(".place select") && !target.form.contains(relatedTarget)) target.form.reset();
});
document.addEventListener("click", (event) => {
  const row = event.target.closest?.(".story");
  if (!row || event.target.matches("input") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(row, { scroll: false });
});
copyDraft(say);
document.documentElement.classList.add("js");
blurbs.restore(document);
if (list) {
  for (const item of queue.items) {
    const id = item.body.ids?.[0];
    if (item.kind !== "decide" || STATES[item.body.verdict] === list.dataset.state) continue;
    pending.set(id, { gone: true, request: item.body.request_id, seq: null });
    rowOf(id)?.remove();
    undone.push({ of: item.body.request_id, id, label: `${WORDS[item.body.verdict]} a story`, html: item.html });
  }
  listing.restoreCursor();
  if (current()) go(current());
  setInterval(poll, POLL_MS);
  refreshSoon();
}
window.addEventListener("pageshow", (event) => event.persisted && refreshSoon(0));
queue.send();
