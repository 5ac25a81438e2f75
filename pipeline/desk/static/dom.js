export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const FIELDS = "input:not([type=checkbox]), textarea, select";
export const isField = (node) => node.matches?.(FIELDS) ?? false;
export const isWriting = () => isField(document.activeElement);

// HTML of ours, in which the server has escaped every value.
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export async function fetchText(address, signal = AbortSignal.timeout(10000)) {
  const response = await fetch(address, { signal });
  if (!response.ok) throw Object.assign(new Error(`${address}: ${response.status}`), { status: response.status });
  return response.text();
}
