// The pages' script. Keys act at once on the row under the cursor; the queue sends what was decided, in order. Every
// form works without it.
import { go } from "./cursor.js";
import { STATES, WORDS } from "./decide.js";
import { $ } from "./dom.js";
import { copyDraft } from "./draft.js";
import { handleForms } from "./forms.js";
import { handleIssue } from "./issue.js";
import { findAnything, pressed } from "./keys.js";
import * as listing from "./list.js";
import { blurbs, queue } from "./outbox.js";
import { goFurtherDown, grow, pending, poll, refreshSoon } from "./refresh.js";
import { say } from "./said.js";
import { searchLive } from "./search.js";
import { undone } from "./undo.js";
import { isOnlyHere } from "./waiting.js";

const POLL_MS = 2000;
const NEAR_END = 1200; // pixels from the list's end, at which more rows are loaded
const { list, rowOf, current } = listing;

// Decisions that an earlier page could not send: their rows are gone here, too.
function applyUnsent() {
  for (const item of queue.items) {
    if (item.kind !== "decide" || STATES[item.body.verdict] === list.dataset.state) continue;
    for (const id of item.body.ids) {
      pending.set(id, { gone: true, request: item.body.request_id, seq: null });
      rowOf(id)?.remove();
    }
    undone.push({ of: item.body.request_id, id: item.body.ids[0], label: `${WORDS[item.body.verdict]} a story`, rows: item.rows ?? [] });
  }
}

function growWhileScrolling() {
  const scroller = $("#rows");
  const isNearEnd = (node) => node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_END;
  scroller.addEventListener("scroll", () => isNearEnd(scroller) && grow(), { passive: true });
  document.addEventListener("scroll", () => isNearEnd(document.documentElement) && grow(), { passive: true });
}

// Keys pressed before this script ran. They meant the story that was marked then: after a reload the cursor may be on
// another one, of which they decide nothing.
function pressEarly() {
  if (early.every(({ id }) => id === current()?.dataset.id)) for (const { event } of early) pressed(event);
}

const { back } = document.body.dataset; // a form of that page was refused: it is reloaded and renewed, not sent again
if (back) history.replaceState(null, "", back);
document.documentElement.classList.add("js");
document.addEventListener("keydown", pressed);
document.removeEventListener("keydown", keepEarly);
handleForms();
searchLive();
copyDraft(say);
handleIssue();
blurbs.restore(document);
const button = $("#find");
if (button) {
  button.hidden = false;
  button.addEventListener("click", findAnything);
}
if (list) {
  applyUnsent();
  const further = listing.restoreCursor();
  if (current()) go(current());
  growWhileScrolling();
  document.addEventListener("triage:near-end", () => grow());
  document.addEventListener("triage:visit", (event) => go(rowOf(event.detail)));
  setInterval(poll, POLL_MS);
  if (further) goFurtherDown(further);
  else refreshSoon();
}
window.addEventListener("beforeunload", (event) => {
  if (isOnlyHere()) event.preventDefault(); // the browser asks
});
window.addEventListener("pageshow", (event) => event.persisted && refreshSoon(0));
queue.send();
pressEarly();
