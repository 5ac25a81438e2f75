// What waits to be sent: the queue of decisions, and the texts that are being written. decide.js handles the answers.
import { Blurbs } from "./blurbs.js";
import { $ } from "./dom.js";
import { rowOf } from "./list.js";
import { Queue } from "./queue.js";
import { showUnsent } from "./said.js";
import { remember } from "./undo.js";

const TEXTS = { note: "Blurb", title: "Title", byline: "Byline" };

export const queue = new Queue({ onState: showUnsent });
export const blurbs = new Blurbs({ queue, request, onEdit: ([what, id], edit) => remember(edit, id || null, id ? `${TEXTS[what]} of ${name(id)}` : "Introduction") });

export function name(id) {
  const shown = rowOf(id) ? $(".title", rowOf(id)).textContent : document.querySelector(`.line[data-of="${id}"] .headline`)?.value;
  return shown ? `“${shown.trim()}”` : "the story";
}

export function request(extra) {
  return { ...extra, seen: Number(document.body.dataset.seq), editor: document.body.dataset.editor || null };
}
