// What the page says: a sentence that passes, and the banner of decisions that are not sent yet.
import { $, $$ } from "./dom.js";
import { decisions } from "./waiting.js";

// The first word is a name if it has other characters than letters: of a file, a model or a site.
const IS_WORD = /^[\p{L}-]+(?=[\s,;:.]|$)(?!\.\S)/u;
export const asSentence = (text) => (IS_WORD.test(text) ? text[0].toUpperCase() + text.slice(1) : text);

const readingMs = (text) => Math.max(4000, 60 * text.length);
let passing = null; // the one sentence that is no error

// What an editor's own step brought. Errors that were there long enough to be read leave.
export function say(sentence, isError = false) {
  for (const line of $$("#said .error")) if (Number(line.dataset.readAt) <= performance.now()) line.remove();
  if (!isError) return tell(sentence);
  const line = add(asSentence(sentence));
  line.className = "error";
  line.dataset.readAt = performance.now() + readingMs(sentence);
}

// What happened elsewhere: it passes, and stands below the errors.
export function tell(sentence) {
  passing?.remove();
  const line = (passing = add(sentence));
  setTimeout(() => line.remove(), readingMs(sentence));
}

// A sentence that is there already is not shown twice.
function add(sentence) {
  for (const line of $$("#said p")) if (line.textContent === sentence) line.remove();
  const line = document.createElement("p");
  line.textContent = sentence;
  $("#said").append(line);
  return line;
}

export function showUnsent(count, problem) {
  const banner = $("#unsent");
  banner.hidden = !problem;
  const what = count === 1 ? "1 decision is" : `${count} decisions are`;
  const where = decisions.isOnlyHere() ? "this page only (leave this page open)" : "this browser";
  const kept = problem && count ? ` ${what} kept in ${where} and sent as soon as it can be.` : "";
  const sentence = (problem ?? "") + kept;
  if ($("p", banner).textContent !== sentence) $("p", banner).textContent = sentence;
}
