// Keys that are pressed while the page's modules are still on their way: kept with the story that was marked then. A
// plain script in the page's head, so that it runs before the page is seen.
"use strict";

window.early = [];
window.keepEarly = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea, select")) return;
  const marked = document.querySelector('.story[aria-current="true"]');
  window.early.push({ event, id: marked?.dataset.id });
};
document.addEventListener("keydown", window.keepEarly);
