// Texts (blurbs, titles, bylines, the introduction), saved while they are typed. Each waits in the browser until the
// desk has acknowledged it. A text is known by its key: "note/ID", "title/ID", "byline/ID", "intro/".
import { newId } from "./queue.js";
import * as storage from "./storage.js";

const PREFIX = "triage.text.";
const FIELDS = "[data-field=blurb], [data-edit]";
const PAUSE_MS = 800;

export class Blurbs {
  constructor({ queue, request, onEdit }) {
    Object.assign(this, { queue, request, onEdit });
    this.timers = new Map();
    document.addEventListener("input", (event) => this.typed(event.target));
    document.addEventListener("focusout", (event) => isText(event.target) && this.left(keyOf(event.target)));
    window.addEventListener("pagehide", () => this.saveAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
    this.saveAll();
  }

  typed(field) {
    if (!isText(field)) return;
    const id = keyOf(field);
    keep(id, field.value);
    this.show(id, read(id).problem ?? "…");
    clearTimeout(this.timers.get(id));
    this.timers.set(id, setTimeout(() => this.save(id), PAUSE_MS));
  }

  // Write a blurb whose field is not on the page.
  write(story, text) {
    const id = "note/" + story;
    keep(id, text);
    this.save(id);
    this.restore(document);
  }

  left(id) {
    if (read(id)?.isStored) storage.remove(PREFIX + id);
    this.save(id);
  }

  save(id, asked = false) {
    clearTimeout(this.timers.get(id));
    const draft = read(id);
    if (!draft || draft.text === draft.sent || (draft.problem && !asked)) return;
    const n = draft.n + 1;
    // after a refusal the other editor's text is known
    const seen = draft.problem ? latestSeen() : draft.seen;
    storage.setJson(PREFIX + id, { ...draft, n, seen, sent: draft.text, problem: null });
    if (n === 1) this.onEdit(id.split("/"), draft.edit);
    const [what, story] = id.split("/");
    const isNote = what === "note";
    const body = { ...this.request({ id: story || null, text: draft.text, request_id: `${draft.edit}:${n}` }), seen };
    this.queue.add({ kind: "note", path: isNote ? "/api/notes" : "/api/edits", body: isNote ? body : { ...body, what } });
  }

  saveAll() {
    for (const key of storage.keys(PREFIX)) this.save(key.slice(PREFIX.length));
  }

  done({ id: story, what = "note", text }) {
    const id = `${what}/${story ?? ""}`;
    const draft = read(id);
    if (draft?.text !== text) return; // typed on meanwhile
    // while the field has the focus the edit goes on: all its texts are one undo
    if (isText(document.activeElement) && keyOf(document.activeElement) === id) {
      storage.setJson(PREFIX + id, { ...draft, isStored: true });
    } else {
      storage.remove(PREFIX + id);
    }
    this.show(id, "saved");
  }

  failed({ id: story, what = "note" }, error) {
    const id = `${what}/${story ?? ""}`;
    const draft = read(id);
    if (!draft) return;
    const problem = `Not saved, your text is kept here: ${error}`;
    storage.setJson(PREFIX + id, { ...draft, sent: null, problem });
    this.show(id, problem);
  }

  // Put an unsaved text back into a field that the server rendered without it.
  restore(root) {
    for (const field of root.querySelectorAll(FIELDS)) {
      field.placeholder = field.dataset.hint ?? field.placeholder; // it names a key
      let draft = read(keyOf(field));
      if (draft?.isStored && field !== document.activeElement) draft = storage.remove(PREFIX + keyOf(field));
      if (draft && draft.text !== field.value) field.value = draft.text;
      if (draft) this.show(keyOf(field), draft.problem ?? "not saved yet");
    }
  }

  // Whether a text would be lost with this page.
  isOnlyHere() {
    return storage.onlyHere(PREFIX).some((key) => !storage.getJson(key).isStored);
  }

  isUnsaved(story) {
    const draft = read("note/" + story);
    return Boolean(draft) && !draft.isStored;
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

function keep(id, text) {
  const draft = read(id) ?? { edit: newId(), n: 0, sent: null, seen: latestSeen(), problem: null };
  storage.setJson(PREFIX + id, { ...draft, text, isStored: false });
}

const read = (id) => storage.getJson(PREFIX + id);
