// Which rows of the list are laid out: those round the visible ones. With thousands laid out each frame takes long. All
// rows are equally high, and the list keeps room for the others above and below.
import { $ } from "./dom.js";

const STEP = 20;
const list = $("#stories");
const scroller = $("#rows");
const room = new CSSStyleSheet(); // no element of ours has a style attribute
let kept = null; // the row with the focus, which it would lose if it were not laid out

// Lay out the rows round the one at the top of what is seen, or round another that is going to be seen.
export function layOut(shown = null) {
  const rows = [...list.children];
  const { top, height } = list.getBoundingClientRect();
  const seen = Math.max(scroller.getBoundingClientRect().top, 0) - top;
  const at = shown ? rows.indexOf(shown) : (seen / height) * rows.length || 0;
  const first = Math.max(0, Math.min(Math.floor(at / STEP) - 2, Math.floor(rows.length / STEP) - 4)) * STEP;
  const last = first + 8 * STEP;
  const focused = document.activeElement?.closest(".story");
  kept?.classList.remove("away");
  kept = null;
  rows.forEach((row, n) => {
    const isAway = n < first || n >= last;
    if (isAway && row === focused) kept = row;
    else if (row.hidden !== isAway) row.hidden = isAway;
  });
  kept?.classList.add("away");
  room.replaceSync(`.stories { --above: ${first}; --below: ${Math.max(rows.length - last, 0)}; }`);
}

export function followViewport() {
  document.adoptedStyleSheets.push(room);
  layOut();
  new MutationObserver(() => layOut()).observe(list, { childList: true });
  for (const node of [scroller, document]) node.addEventListener("scroll", () => layOut(), { passive: true });
  window.addEventListener("resize", () => layOut());
}
