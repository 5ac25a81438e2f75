// Selected rows, on which a verdict acts together.
import { $ } from "./dom.js";
import { rows } from "./list.js";

const boxes = () => rows().map((row) => $("input", row)).filter((box) => box?.checked);
export const selected = () => boxes().map((box) => box.value);

export function clear() {
  for (const box of boxes()) box.checked = false;
  show();
}

export function toggle(row, value = null) {
  const box = $("input", row);
  if (!box) return;
  box.checked = value ?? !box.checked;
  show();
}

export function show() {
  const count = $("#group .n");
  const n = boxes().length;
  if (count) count.textContent = n ? `${n} selected` : "";
}
