// The issue's pane: entries are moved by drag or Alt+arrows, dropped on one another to read together, previewed, checked.
import { send } from "./decide.js";
import { $, $$, fetchText, isField, parse } from "./dom.js";
import { refreshSoon } from "./refresh.js";
import { asSentence, say } from "./said.js";

const pane = $('[data-pane="issue"]');
const EDGE = 0.3; // of an entry's height, at which a drop is before or after it; between, both read together
let dragged = null;
let found = []; // of the last check

const entryOf = (node) => node.closest?.("[data-entry]");
const titleOf = (entry) => `“${$(".headline", entry).value}”`;

function move(entry, by) {
  const sibling = by < 0 ? entry.previousElementSibling : entry.nextElementSibling;
  if (!sibling?.matches("[data-entry]")) return say("It is at the end of its section; drag it to another.");
  if (by < 0) sibling.before(entry);
  else sibling.after(entry);
  send("/api/moves", { id: entry.dataset.entry, by }, `Moved ${titleOf(entry)}`);
  return entry.querySelector(`[data-move="${by}"]`)?.focus();
}

function dropPlace(event) {
  const entry = entryOf(event.target);
  const section = event.target.closest?.("[data-section]");
  if (!entry || entry === dragged) return section ? { section } : null;
  const box = entry.getBoundingClientRect();
  const at = (event.clientY - box.top) / box.height;
  return { entry, section, part: at < EDGE ? "before" : at > 1 - EDGE ? "after" : "with" };
}

function over(event) {
  const place = dragged && dropPlace(event);
  if (!place) return;
  event.preventDefault();
  clearDrop();
  (place.entry ?? place.section).dataset.drop = place.part ?? "last";
}

const clearDrop = () => $$("[data-drop]", pane).forEach((node) => delete node.dataset.drop);

function dropped(event) {
  const place = dragged && dropPlace(event);
  clearDrop();
  if (!place) return;
  event.preventDefault();
  const id = dragged.dataset.entry;
  const label = `Moved ${titleOf(dragged)}`;
  if (place.part === "with") {
    const ids = [place.entry, dragged].flatMap((entry) => $$("[data-of].line", entry).map((line) => line.dataset.of));
    return send("/api/groups", { ids }, `${titleOf(dragged)} reads together with ${titleOf(place.entry)}`);
  }
  const before = place.part === "after" ? place.entry.nextElementSibling : place.entry;
  return send("/api/moves", { id, before: before?.dataset.entry ?? null, section: place.section.dataset.section }, label);
}

async function show(which) {
  for (const button of $$("[data-show]", pane)) button.setAttribute("aria-pressed", button.dataset.show === which);
  const isPreview = which === "preview";
  $("#preview").hidden = !isPreview;
  for (const node of [$("#issue-body"), $(".add", pane)]) node.hidden = isPreview;
  if (isPreview) $("#preview").replaceChildren(parse(await fetchText("/draft/preview")));
}

async function check(event) {
  event.preventDefault();
  say("Checking: every link is asked…");
  const response = await fetch("/api/checks", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  const answer = await response.json();
  if (!response.ok) return say(answer.error, true);
  found = answer.findings;
  showFindings();
  return say(found.length ? `${found.length} found; they stand beside their entries.` : "Nothing found: all links answer, nothing repeats.");
}

// Each finding beside the entry whose address it names; the others on top.
function showFindings() {
  $$(".finding", pane).forEach((node) => node.remove());
  for (const { text, url, id } of found) {
    const line = Object.assign(document.createElement("p"), { className: "remark finding" });
    const [before, ...after] = url ? text.split(url) : [text];
    line.append(asSentence(before));
    if (after.length) line.append(Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener noreferrer", textContent: url }), after.join(url));
    const entry = (id || url) && $$(".placed", pane).find((node) => node.dataset.urls?.split(" ").includes(url));
    if (entry) entry.append(line);
    else $(".figures-line", pane)?.after(line);
  }
}

function keyed(event) {
  // a drawer in a narrow window: closed by Esc, but not while words are written
  if (event.key === "Escape" && !isField(event.target) && location.hash === "#issue") location.hash = "#main";
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const entry = entryOf(event.target);
  if (!event.altKey || !by || !entry) return;
  event.preventDefault();
  event.stopPropagation();
  move(entry, by);
}

function clicked({ target }) {
  if (target.dataset.move) return move(entryOf(target), Number(target.dataset.move));
  if (target.dataset.show) return show(target.dataset.show);
  if (target.dataset.separate) return send("/api/groups", { ids: [target.dataset.separate] }, "Separated a story");
  return undefined;
}

export function handleIssue() {
  if (!pane || !$("#issue-body")) return;
  pane.addEventListener("click", clicked);
  pane.addEventListener("keydown", keyed);
  pane.addEventListener("dragstart", (event) => {
    dragged = entryOf(event.target);
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  pane.addEventListener("dragend", () => ((dragged = null), clearDrop()));
  pane.addEventListener("dragover", over);
  pane.addEventListener("drop", dropped);
  $("#check").addEventListener("click", check);
  document.addEventListener("triage:replaced", ({ detail }) => {
    if (detail !== "#issue-body") return;
    if ($('[data-show="preview"]').getAttribute("aria-pressed") === "true") show("preview").catch(() => {});
    showFindings();
  });
  pane.addEventListener("focusout", () => refreshSoon());
}
