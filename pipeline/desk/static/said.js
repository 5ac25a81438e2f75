// What the page says: a sentence that passes, and the banner of decisions that are not sent yet.
import { $ } from "./dom.js";
import { UNSENT } from "./queue.js";
import { onlyHere } from "./storage.js";

// The first word is a name if it has other characters than letters: of a file, a model or a site.
const IS_WORD = /^[\p{L}-]+(?=[\s,;:.]|$)(?!\.\S)/u;
const asSentence = (text) => (IS_WORD.test(text) ? text[0].toUpperCase() + text.slice(1) : text);

export function say(sentence, isError = false) {
  const said = $("#said");
  said.textContent = isError ? asSentence(sentence) : sentence;
  said.classList.toggle("error", isError);
  clearTimeout(say.timer);
  if (!isError) say.timer = setTimeout(() => (said.textContent = ""), 4000);
}

export function showUnsent(count, problem) {
  const banner = $("#unsent");
  banner.hidden = !problem;
  const what = count === 1 ? "1 decision is" : `${count} decisions are`;
  const where = onlyHere(UNSENT).length ? "this page only (leave this page open)" : "this browser";
  const kept = problem && count ? ` ${what} kept in ${where} and sent as soon as it can be.` : "";
  const sentence = (problem ?? "") + kept;
  if ($("p", banner).textContent !== sentence) $("p", banner).textContent = sentence;
}
