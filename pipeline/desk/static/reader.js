// The article beside the list: follows the cursor, kept for a while, the next ones fetched ahead.
import { $, fetchText, parse } from "./dom.js";

const AHEAD = 3;
const pane = $('[data-pane="article"]');
const kept = new Map(); // id → promise of HTML

export const shownId = () => pane && $(".reader", pane)?.dataset.id;

function load(id) {
  if (!kept.has(id)) {
    const loading = fetchText(`/story/${encodeURIComponent(id)}/article`);
    loading.catch(() => kept.delete(id));
    kept.set(id, loading);
    if (kept.size > 60) kept.delete(kept.keys().next().value);
  }
  return kept.get(id);
}

export const forget = (id) => kept.delete(id);

let wanted = shownId();

// Show a story. `ready` is called with the pane once it is there, unless the cursor went on meanwhile.
export async function show(id, ready, { again = false } = {}) {
  wanted = id;
  if (!again && shownId() === id) return ready?.(pane);
  if (again) forget(id);
  else pane.classList.add("loading");
  try {
    const html = await load(id);
    if (wanted !== id) return;
    if (pane.contains(document.activeElement)) document.activeElement.blur();
    pane.replaceChildren(parse(html));
    ready?.(pane);
  } catch {
    if (wanted === id) pane.replaceChildren(parse('<p class="empty">The article cannot be shown while the desk does not answer.</p>'));
  } finally {
    if (wanted === id) pane.classList.remove("loading");
  }
}

export function fetchAhead(row) {
  for (let n = 0; row && n < AHEAD; n++, row = row.nextElementSibling) load(row.dataset.id).catch(() => {});
}

export function clear() {
  wanted = null;
  pane.replaceChildren(parse('<p class="empty">No story is selected.</p>'));
}
