// Keys, and changes in place. Every form works without this script; it only sends them without leaving the page.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const LOOK_EVERY_MS = 2000;
let cursor = null; // id of the story the keys speak of
let stale = false; // whether the list is to be renewed when nobody is writing in it

const fields = "input:not([type=checkbox]), textarea, select";
const isWriting = () => document.activeElement.matches(fields);

// --- the cursor ---

const rows = () => $$(".story");
const current = () => document.getElementById("s-" + cursor);

function moveTo(row, scroll = true) {
  for (const old of $$('.story[aria-current="true"]')) old.removeAttribute("aria-current");
  cursor = row ? row.dataset.id : null;
  if (!row) return;
  row.setAttribute("aria-current", "true");
  if (!isWriting()) row.focus({ preventScroll: true });
  if (scroll) row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.id === cursor);
  moveTo(all[Math.max(0, Math.min(all.length - 1, at + by))]);
}

// --- saying something ---

function tell(sentence) {
  $("#said").textContent = sentence;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => ($("#said").textContent = ""), 4000);
}

async function send(form, button) {
  const next = afterwards(form);
  const said = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: said });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) return tell($(".error", page)?.textContent ?? "That did not work.");
  merge(page, next);
  tell(sentenceFor(said, button));
}

function sentenceFor(said, button) {
  const verdict = said.get("verdict");
  const done = { pick: "Picked.", skip: "Skipped.", later: "Put off for later.", undo: "Back to new.", section: "Section set." };
  return done[verdict] ?? (button ? `${button.textContent.trim()}: done.` : "Done.");
}

// After a verdict the cursor goes to the next row; everything else leaves it where it is.
function afterwards(form) {
  const row = form.closest(".story");
  if (!row || !form.matches(".verdicts")) return { stay: cursor, top: current()?.getBoundingClientRect().top };
  const after = row.nextElementSibling ?? row.previousElementSibling;
  return { stay: after?.dataset.id, top: row.getBoundingClientRect().top };
}

// --- the page as it is now ---

async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const here = { stay: cursor, top: current()?.getBoundingClientRect().top };
  merge(new DOMParser().parseFromString(await answer.text(), "text/html"), here);
}

// Take over what the server shows now. Rows down to the cursor keep their order, so that nothing moves under the
// editor's eyes; those below it stand in the new order.
function merge(page, { stay, top }) {
  document.body.dataset.seq = page.body.dataset.seq;
  for (const part of ["#progress", "#issue", ".tabs"]) replace($(part), $(part, page));
  const list = $("#stories");
  const fresh = $("#stories", page);
  stale = list?.contains(document.activeElement) && isWriting();
  if (!list || !fresh || stale) return;
  if (list.tagName !== "OL" || fresh.tagName !== "OL") {
    list.replaceWith(fresh);
  } else {
    arrange(list, fresh, stay);
  }
  const row = document.getElementById("s-" + stay) ?? $(".story");
  moveTo(row, false);
  if (row && top !== undefined) window.scrollBy(0, row.getBoundingClientRect().top - top);
}

function arrange(list, fresh, stay) {
  const coming = new Map($$(".story", fresh).map((row) => [row.dataset.id, row]));
  const held = [];
  for (const row of $$(".story", list)) {
    if (!coming.has(row.dataset.id)) continue;
    held.push(row.dataset.id);
    if (row.dataset.id === stay) break;
  }
  const keep = held.includes(stay) ? held : [];
  const order = [...keep, ...[...coming.keys()].filter((id) => !keep.includes(id))];
  list.replaceChildren(...order.map((id) => renewed(id, coming.get(id))));
}

// A row that is being written in stays as it is; of the others the mark stays.
function renewed(id, row) {
  const old = document.getElementById("s-" + id);
  if (!old) return row;
  if ($("details[open]", old)) return old;
  const mark = $(".rank input", row);
  if (mark) mark.checked = $(".rank input", old)?.checked ?? false;
  return row;
}

function replace(old, fresh) {
  if (!old || !fresh || old.contains(document.activeElement) && isWriting()) return;
  old.replaceWith(fresh);
}

async function look() {
  if (document.hidden || !$("#stories")) return;
  try {
    const answer = await fetch("/api/changes?after=" + document.body.dataset.seq);
    if (!answer.ok) return;
    const news = await answer.json();
    const version = look.version ?? news.version;
    look.version = news.version;
    if (news.seq === Number(document.body.dataset.seq) && news.version === version && !(stale && !isWriting())) return;
    const others = news.decisions.map((d) => d.editor).filter((name, n, all) => all.indexOf(name) === n);
    await refresh();
    if (others.length) tell(`${others.join(", ")} decided on ${news.decisions.length}.`);
  } catch {
    tell("The desk does not answer. What you decided is kept.");
  }
}

// --- keys ---

const press = (selector) => { const button = $(selector, current() ?? document); if (button) button.click(); };

function setSection(select, index) {
  const options = [...select.options].filter((option) => option.value);
  if (!options[index]) return;
  select.value = options[index].value;
  select.form.requestSubmit();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  p: () => press('.verdicts [value="pick"]'),
  x: () => press('.verdicts [value="skip"]'),
  l: () => press('.verdicts [value="later"]'),
  u: () => $('[data-key="u"]')?.click(),
  g: () => $('[data-key="g"]')?.click(),
  m: () => press(".rank input"),
  o: () => press("h2 a"),
  e: () => unfold("textarea"),
  s: () => unfold("select"),
  "/": () => $('input[type="search"]')?.focus(),
  "?": () => $("#keys")?.showModal(),
};

function unfold(selector) {
  const details = current() && $("details", current());
  if (!details) return;
  details.open = selector ? true : !details.open;
  if (selector) $(selector, details)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  const writing = event.target.matches(fields);
  if (event.key === "Escape" && writing) return event.target.blur(), current()?.focus({ preventScroll: true });
  if (writing) return;
  if (event.key === "Enter" && event.target.matches(".story")) return event.preventDefault(), unfold();
  const digit = "1234567890".indexOf(event.key);
  const select = current() && $(".place select", current());
  if (digit >= 0 && select) return event.preventDefault(), setSection(select, digit);
  const act = keys[event.key];
  if (act) event.preventDefault(), act();
});

// --- the draft ---

async function copy(kind) {
  const html = $("#preview").innerHTML;
  const text = kind === "rich" ? $("#preview").innerText : $("#markdown").value;
  const kinds = { "text/plain": new Blob([text], { type: "text/plain" }) };
  if (kind === "rich") kinds["text/html"] = new Blob([html], { type: "text/html" });
  await navigator.clipboard.write([new ClipboardItem(kinds)]);
  tell("Copied.");
}

for (const button of $$("[data-copy]")) {
  button.addEventListener("click", () => copy(button.dataset.copy).catch(() => tell("The browser did not allow it; select the text and copy it.")));
}

// --- from here on the page answers in place ---

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!$("#stories") || form.method !== "post" || !form.matches(".verdicts, .place, .blurb, .last, .mutes form, .members form, .group")) return;
  event.preventDefault();
  send(form, event.submitter).catch(() => tell("The desk does not answer. Nothing was decided; try again."));
});
document.addEventListener("click", (event) => {
  const row = event.target.closest(".story");
  if (row && !event.target.closest("a")) moveTo(row, false);
});
document.addEventListener("change", (event) => {
  if (event.target.matches(".filters select, .place select")) event.target.form.requestSubmit();
});
document.documentElement.classList.add("js");
if ($("#stories")) {
  if (rows().length) moveTo(rows()[0], false);
  setInterval(look, LOOK_EVERY_MS);
}
