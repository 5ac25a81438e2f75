// Words selected in the article, put into the blurb as a quote.
import { $ } from "./dom.js";
import { say } from "./said.js";

export function quote() {
  const selection = getSelection();
  const words = selection.toString().replace(/\s+/g, " ").trim();
  const pane = $('[data-pane="article"]');
  if (!words || !pane?.contains(selection.anchorNode)) return say("Select words in the article first.");
  const field = $("[data-field=blurb]", pane);
  if (!field) return say("This story has no blurb: an earlier issue ran it.");
  const space = field.value && !/\s$/.test(field.value) ? " " : "";
  field.setRangeText(`${space}“${words}”`, field.value.length, field.value.length, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  selection.removeAllRanges();
  return say("Quoted in the blurb.");
}
