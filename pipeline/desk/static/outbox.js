// What waits to be sent: the queue of decisions, and the texts that are being written. decide.js handles the answers.
import { Blurbs } from "./blurbs.js";
import { $ } from "./dom.js";
import { rowOf } from "./list.js";
import { Queue } from "./queue.js";
import { showUnsent } from "./said.js";
import { remember } from "./undo.js";

const LONGEST = 80; // characters of a title in a sentence
const TEXTS = { note: "Blurb", title: "Title", byline: "Byline" };

export const queue = new Queue({ onState: showUnsent });
export const blurbs = new Blurbs({ queue, request, onEdit: ([what, id], edit) => remember(edit, id || null, id ? `${TEXTS[what]} of ${name(id)}` : "Introduction") });

// Titles may fill a screen; as people see characters, so that no emoji is cut in two.
function cut(title) {
  const characters = [...new Intl.Segmenter().segment(title)];
  return characters.length <= LONGEST ? title : title.slice(0, characters[LONGEST].index).trimEnd() + "…";
}

// The title as it was shown when something was done, not as it is being written now.
export function name(id) {
  const shown = rowOf(id) ? $(".title", rowOf(id)).textContent : document.querySelector(`.line[data-of="${id}"] .headline`)?.defaultValue;
  return shown ? `“${cut(shown.trim())}”` : "the story";
}

export function request(extra) {
  return { ...extra, seen: Number(document.body.dataset.seq), editor: document.body.dataset.editor || null };
}
