// The article beside the list: follows the cursor, kept for a while, the next ones fetched ahead.
import { $, fetchText, parse } from "./dom.js";
import { isReleased } from "./pointer.js";

const AHEAD = 3;
const AGAIN_MS = 1500; // after an article could not be shown
const BUSY_MS = 3000; // after the database was held by another program
const DWELL_MS = 150; // on a story, before its text is completed
const TEXT_MS = 60000; // its page may have to be fetched
const pane = $('[data-pane="article"]');
const kept = new Map(); // id → promise of HTML

export const shownId = () => pane && $(".reader", pane)?.dataset.story;

const texts = new Map(); // the same, of the text with its marks

function load(id) {
  return kept.get(id) ?? keep(kept, id, fetchText(address(id, "article")));
}

const address = (id, part) => `/story/${encodeURIComponent(id)}/${part}`;

function keep(cache, id, loading) {
  loading.catch(() => cache.get(id) === loading && cache.delete(id));
  cache.set(id, loading);
  if (cache.size > 60) cache.delete(cache.keys().next().value);
  return loading;
}

let asking = null; // what breaks off the one text that is on its way

// A text may take as long as its page does, and a browser opens six connections: one text at a time, so that decisions
// and articles never wait for texts. Asking for another one breaks it off.
function loadText(id) {
  if (texts.has(id)) return texts.get(id);
  asking?.abort();
  const mine = (asking = new AbortController());
  setTimeout(() => mine.abort(), TEXT_MS);
  return keep(texts, id, fetchText(address(id, "text"), mine.signal));
}

export const forget = (id) => kept.delete(id);

// The blurb that the desk has of a story.
export async function blurbOf(id) {
  return $("[data-field=blurb]", parse(await load(id)))?.value ?? "";
}

// Complete the text: marks, near picks, and its page if it is to be fetched. Not while words of it are selected.
async function complete(id) {
  if (!$(".read[data-pending]", pane)) return;
  try {
    const html = await loadText(id);
    await isReleased();
    const read = $(".read", pane);
    if (shownId() !== id || !read || !getSelection().isCollapsed) return;
    read.replaceWith(parse(html));
  } catch (error) {
    // the article stays as it is, and is asked for again once the database is free
    if (error.status === 503 && shownId() === id) completeSoon(id, BUSY_MS);
  }
}

function completeSoon(id, wait = DWELL_MS) {
  clearTimeout(completeSoon.timer);
  completeSoon.timer = setTimeout(() => complete(id), wait);
}

// Fetch the text from its page, and show it.
export async function fetchPage(form) {
  const id = shownId();
  await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
  texts.delete(id);
  kept.delete(id);
  if (shownId() === id) await show(id, undefined, { again: true });
}

let wanted = shownId();

// Show a story. `ready` is called with the pane once it is there, unless the cursor went on meanwhile.
export async function show(id, ready, { again = false } = {}) {
  wanted = id;
  completeSoon(id);
  if (!again && shownId() === id) return ready?.(pane);
  if (again) forget(id);
  else pane.classList.add("loading");
  try {
    const html = await load(id);
    if (wanted !== id) return;
    if (pane.contains(document.activeElement)) document.activeElement.blur();
    pane.replaceChildren(parse(html));
    ready?.(pane);
    completeSoon(id);
  } catch {
    if (wanted !== id) return;
    pane.replaceChildren(parse('<p class="empty">The article cannot be shown while the desk does not answer.</p>'));
    setTimeout(() => wanted === id && show(id, ready), AGAIN_MS);
  } finally {
    if (wanted === id) pane.classList.remove("loading");
  }
}

export async function fetchAhead(row) {
  const next = [];
  for (let n = 0; row && n < AHEAD; n++, row = row.nextElementSibling) next.push(row.dataset.id);
  for (const id of next) load(id).catch(() => {});
  clearTimeout(fetchAhead.timer);
  fetchAhead.timer = setTimeout(() => fetchTexts(next, shownId()), 4 * DWELL_MS);
}

// One after the other, that of the story shown first, until the cursor goes on.
async function fetchTexts(ids, shown) {
  for (const id of $(".read[data-pending]", pane) ? [shown, ...ids] : ids) {
    if (shownId() !== shown) return;
    await loadText(id).catch(() => {});
  }
}

export function clear() {
  wanted = null;
  pane.replaceChildren(parse('<p class="empty">No story is selected.</p>'));
}
