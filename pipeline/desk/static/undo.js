// What `u` reverts, the last at the end: {of, id, label, rows}. `rows` are the rows of the list that the decision
// took away, as [{id, html}].
import { $ } from "./dom.js";

export const undone = [];

export function remember(of, id, label, rows = []) {
  undone.push({ of, id, label, rows });
  showLast();
}

export function forget(of) {
  const at = undone.findIndex((entry) => entry.of === of);
  if (at >= 0) undone.splice(at, 1);
  showLast();
}

export function showLast() {
  const form = $("#last");
  const last = undone.at(-1);
  if (!form || !last) return;
  form.hidden = false;
  $(".what", form).textContent = last.label;
}
