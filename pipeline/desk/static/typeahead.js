// What is typed after `e` while the article with the blurb's field is still on its way. It is text, never a command, until
// Esc or Ctrl+Enter; and it reaches the blurb even if the cursor has gone on or the desk answers late.
import { blurbs } from "./outbox.js";
import * as reader from "./reader.js";
import { say } from "./said.js";
import { typed as left } from "./waiting.js"; // of a page that was left before the text had reached the blurb

const RETRY_MS = 1000;
const TRIES = 120;
const undelivered = new Set();
let typing = null; // {id, text, isOpen, isDone}

export const isTyping = () => Boolean(typing?.isOpen);

export function typeAhead(id) {
  const mine = (typing = begin(id));
  return { intoField: (field) => intoField(mine, field) };
}

function begin(id, text = "", isOpen = true) {
  const mine = { id, text, isOpen, isDone: false };
  undelivered.add(mine);
  return mine;
}

function done(mine) {
  mine.isDone = true;
  undelivered.delete(mine);
}

export function typed(event) {
  const isEnd = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
  if ((event.ctrlKey || event.metaKey || event.altKey) && !isEnd) return;
  event.preventDefault();
  if (event.key === "Backspace") typing.text = typing.text.slice(0, -1);
  else if (event.key === "Enter" && !isEnd) typing.text += "\n";
  else if (event.key.length === 1) typing.text += event.key;
  if (isEnd) leave();
}

function leave() {
  const mine = typing;
  mine.isOpen = false;
  if (mine.text && !mine.isDone) keep(mine);
}

document.addEventListener("pointerdown", () => isTyping() && leave());
window.addEventListener("pagehide", () => {
  for (const { id, text } of undelivered) if (text) left.set(id, text);
});
window.addEventListener("pageshow", () => {
  for (const id of left.ids()) {
    const text = left.get(id);
    left.remove(id);
    if (text && ![...undelivered].some((mine) => mine.id === id && mine.text === text)) keep(begin(id, text, false));
  }
});

// The field is there: go on in it, unless the writer has left it meanwhile.
function intoField(mine, field) {
  if (mine.isDone) return;
  if (field && mine.isOpen) {
    done(mine);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    if (mine.text) field.setRangeText(mine.text, field.value.length, field.value.length, "end");
    if (mine.text) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  mine.isOpen = false;
}

// The writer left before the field was there: append to the blurb that the desk has.
async function keep(mine) {
  for (let n = 0; n < TRIES && !mine.isDone; n++) {
    try {
      const before = await reader.blurbOf(mine.id);
      if (mine.isDone) return;
      done(mine);
      blurbs.write(mine.id, before + mine.text);
    } catch {
      await new Promise((resume) => setTimeout(resume, RETRY_MS));
    }
  }
  if (!mine.isDone) say(`Not saved, the desk does not answer: ${mine.text}`, true);
}
