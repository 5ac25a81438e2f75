// What the page says: a sentence that passes, and the banner of decisions that are not sent yet.
import { $ } from "./dom.js";

export function say(sentence, isError = false) {
  const said = $("#said");
  said.textContent = sentence;
  said.classList.toggle("error", isError);
  clearTimeout(say.timer);
  if (!isError) say.timer = setTimeout(() => (said.textContent = ""), 4000);
}

export function showUnsent(count, problem) {
  const banner = $("#unsent");
  banner.hidden = !problem;
  const what = count === 1 ? "1 decision is" : `${count} decisions are`;
  const kept = problem && count ? ` ${what} kept in this browser and sent as soon as it can be.` : "";
  const sentence = (problem ?? "") + kept;
  if ($("p", banner).textContent !== sentence) $("p", banner).textContent = sentence;
}
