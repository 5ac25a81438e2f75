// What is typed after `e` while the article with the blurb's field is still on its way. It is text, never a command, until
// Esc or Ctrl+Enter; and it reaches the blurb even if the cursor has gone on or the desk answers late.
import { blurbs } from "./outbox.js";
import * as reader from "./reader.js";
import { say } from "./said.js";

const RETRY_MS = 1000;
const TRIES = 120;
let typing = null; // {id, text, isOpen, isDone}

export const isTyping = () => Boolean(typing?.isOpen);

export function typeAhead(id) {
  const mine = (typing = { id, text: "", isOpen: true, isDone: false });
  return { intoField: (field) => intoField(mine, field) };
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

// The field is there: go on in it, unless the writer has left it meanwhile.
function intoField(mine, field) {
  if (mine.isDone) return;
  if (field && mine.isOpen) {
    mine.isDone = true;
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
      mine.isDone = true;
      blurbs.write(mine.id, before + mine.text);
    } catch {
      await new Promise((resume) => setTimeout(resume, RETRY_MS));
    }
  }
  if (!mine.isDone) say(`Not saved, the desk does not answer: ${mine.text}`, true);
}
