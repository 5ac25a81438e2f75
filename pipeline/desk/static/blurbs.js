// Texts (blurbs, titles, bylines, the introduction), saved while they are typed. Each waits in the browser until the
// desk has acknowledged it. A text is known by its key: "note/ID", "title/ID", "byline/ID", "intro/".
import { newId } from "./queue.js";
import { texts } from "./waiting.js";

const FIELDS = "[data-field=blurb], [data-edit]";
const PAUSE_MS = 800;
const hasKeys = matchMedia("(hover: hover)"); // no phone or tablet

export class Blurbs {
  constructor({ queue, request, onEdit }) {
    Object.assign(this, { queue, request, onEdit });
    this.timers = new Map();
    this.saved = new Map(); // of the field that has the focus: its edit goes on, all its texts are one undo
    document.addEventListener("input", (event) => this.typed(event.target));
    document.addEventListener("focusout", (event) => isText(event.target) && this.left(keyOf(event.target)));
    window.addEventListener("pagehide", () => this.saveAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
    for (const id of texts.ids()) if (texts.get(id)?.isStored) texts.remove(id); // the scripts until 27 November 2026 left these
    this.saveAll();
  }

  typed(field) {
    if (!isText(field)) return;
    const id = keyOf(field);
    this.keep(id, field.value);
    this.show(id, texts.get(id).problem ?? "…");
    clearTimeout(this.timers.get(id));
    this.timers.set(id, setTimeout(() => this.save(id), PAUSE_MS));
  }

  // Write a blurb whose field is not on the page.
  write(story, text) {
    const id = "note/" + story;
    this.keep(id, text);
    this.save(id);
    this.restore(document);
  }

  keep(id, text) {
    const draft = texts.get(id) ?? this.saved.get(id) ?? { edit: newId(), n: 0, sent: null, seen: latestSeen(), problem: null };
    texts.set(id, { ...draft, text });
  }

  left(id) {
    this.saved.delete(id);
    this.save(id);
  }

  save(id, asked = false) {
    clearTimeout(this.timers.get(id));
    const draft = texts.get(id);
    if (!draft || draft.text === draft.sent || (draft.problem && !asked)) return;
    const n = draft.n + 1;
    // after a refusal the other editor's text is known
    const seen = draft.problem ? latestSeen() : draft.seen;
    texts.set(id, { ...draft, n, seen, sent: draft.text, problem: null });
    if (n === 1) this.onEdit(id.split("/"), draft.edit);
    const [what, story] = id.split("/");
    const isNote = what === "note";
    const body = { ...this.request({ id: story || null, text: draft.text, request_id: `${draft.edit}:${n}` }), seen };
    this.queue.add({ kind: "note", path: isNote ? "/api/notes" : "/api/edits", body: isNote ? body : { ...body, what } });
  }

  saveAll() {
    for (const id of texts.ids()) this.save(id);
  }

  done({ id: story, what = "note", text }) {
    const id = `${what}/${story ?? ""}`;
    const draft = texts.get(id);
    if (draft?.text !== text) return; // typed on meanwhile
    texts.remove(id);
    if (isText(document.activeElement) && keyOf(document.activeElement) === id) this.saved.set(id, draft);
    this.show(id, "saved");
  }

  failed({ id: story, what = "note" }, error) {
    const id = `${what}/${story ?? ""}`;
    const draft = texts.get(id);
    if (!draft) return;
    const problem = `Not saved, your text is kept here: ${error}`;
    texts.set(id, { ...draft, sent: null, problem });
    this.show(id, problem);
  }

  // Put an unsaved text back into a field that the server rendered without it.
  restore(root) {
    for (const field of root.querySelectorAll(FIELDS)) {
      if (hasKeys.matches && field.dataset.hint) field.placeholder = field.dataset.hint; // it names a key
      const draft = texts.get(keyOf(field));
      if (draft && draft.text !== field.value) field.value = draft.text;
      if (draft) this.show(keyOf(field), draft.problem ?? "not saved yet");
    }
  }

  isUnsaved(story) {
    return texts.get("note/" + story) !== null;
  }

  show(id, text) {
    for (const field of document.querySelectorAll(FIELDS)) {
      if (keyOf(field) === id) field.closest("form, .line").querySelector(".saved").textContent = text;
    }
  }
}

const isBlurb = (node) => node.matches?.("[data-field=blurb]");
export const isText = (node) => node.matches?.(FIELDS);
export const keyOf = (field) => (isBlurb(field) ? `note/${field.form.elements.id.value}` : `${field.dataset.edit}/${field.dataset.of ?? ""}`);

// The last decision that this page knows of. An edit keeps that of its first letter: a text that another editor wrote
// meanwhile is not overwritten, even if the page has heard of it.
const latestSeen = () => Number(document.body.dataset.seq);

