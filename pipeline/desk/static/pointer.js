// While the mouse holds something down the page stays as it is: what a click or a drag began on must not be replaced.
const HELD = "a, button, summary, label, input, select, textarea, .story, [draggable]"; // not the scroll bars
const LONGEST_MS = 10000;
let letGo = null;
let released = Promise.resolve();
let isDragging = false;
let timer;

export const isReleased = () => released;

function hold() {
  if (!letGo) released = new Promise((resume) => (letGo = resume));
  clearTimeout(timer);
  timer = setTimeout(release, LONGEST_MS);
}

function release() {
  clearTimeout(timer);
  letGo?.();
  letGo = null;
}

function beginDrag() {
  isDragging = true;
  hold();
  clearTimeout(timer); // a drag takes as long as it takes
}

function endDrag() {
  isDragging = false;
  release();
}

const afterClick = () => setTimeout(() => isDragging || release());
document.addEventListener("pointerdown", ({ target }) => target.closest?.(HELD) && hold(), true);
document.addEventListener("pointerup", afterClick, true);
document.addEventListener("pointercancel", afterClick, true); // also when a drag begins
document.addEventListener("dragstart", beginDrag, true);
document.addEventListener("dragend", endDrag, true);
