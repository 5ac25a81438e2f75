// Words selected in the article, put into the blurb as a quote.
import { $, $$ } from "./dom.js";
import { say } from "./said.js";

export function quote() {
  const pane = $('[data-pane="article"]') ?? $("main"); // on the page of one story
  const words = selectedWords(pane);
  if (!words) return say("Select words in the article first.");
  const field = $("[data-field=blurb]", pane);
  if (!field) return say("This story has no blurb: an earlier issue ran it.");
  const space = field.value && !/\s$/.test(field.value) ? " " : "";
  field.setRangeText(`${space}“${words}”`, field.value.length, field.value.length, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  getSelection().removeAllRanges();
  return say("Quoted in the blurb.");
}

// What is selected of the author's words; a selection may begin or end beyond them, in the reasons or the buttons.
function selectedWords(pane) {
  const selection = getSelection();
  if (selection.isCollapsed) return "";
  const range = selection.getRangeAt(0).cloneRange();
  const texts = $$(".read > .summary, .read > .text", pane).filter((text) => range.intersectsNode(text));
  if (!texts.length) return $("h1, h2.title", pane)?.contains(range.commonAncestorContainer) ? plain(selection) : "";
  if (!texts[0].contains(range.startContainer)) range.setStart(texts[0], 0);
  if (!texts.at(-1).contains(range.endContainer)) range.setEnd(texts.at(-1), texts.at(-1).childNodes.length);
  selection.removeAllRanges();
  selection.addRange(range);
  return plain(selection);
}

const plain = (selection) => selection.toString().replace(/\s+/g, " ").trim();
