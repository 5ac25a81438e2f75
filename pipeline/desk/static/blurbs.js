// Blurbs, saved while they are typed. The text waits in localStorage until the desk has acknowledged it.
import { newId } from "./queue.js";

const PREFIX = "triage.blurb.";
const PAUSE_MS = 800;

export class Blurbs {
  constructor({ queue, request, onEdit }) {
    Object.assign(this, { queue, request, onEdit });
    this.timers = new Map();
    this.refused = new Set(); // ids whose blurb another editor wrote meanwhile: saved only when asked for
    document.addEventListener("input", (event) => this.typed(event.target));
    document.addEventListener("focusout", (event) => isBlurb(event.target) && this.left(idOf(event.target)));
    window.addEventListener("pagehide", () => this.saveAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
    this.saveAll();
  }

  typed(field) {
    if (!isBlurb(field)) return;
    const id = idOf(field);
    const draft = read(id) ?? { edit: newId(), n: 0, sent: null };
    localStorage.setItem(PREFIX + id, JSON.stringify({ ...draft, text: field.value, isStored: false }));
    this.show(id, "…");
    clearTimeout(this.timers.get(id));
    this.timers.set(id, setTimeout(() => this.save(id), PAUSE_MS));
  }

  left(id) {
    if (read(id)?.isStored) localStorage.removeItem(PREFIX + id);
    this.save(id);
  }

  save(id, asked = false) {
    clearTimeout(this.timers.get(id));
    const draft = read(id);
    if (!draft || draft.text === draft.sent || (this.refused.has(id) && !asked)) return;
    this.refused.delete(id);
    const n = draft.n + 1;
    localStorage.setItem(PREFIX + id, JSON.stringify({ ...draft, n, sent: draft.text }));
    if (n === 1) this.onEdit(id, draft.edit);
    const body = { id, text: draft.text, request_id: `${draft.edit}:${n}` };
    this.queue.add({ kind: "note", path: "/api/notes", body: this.request(body) });
  }

  saveAll() {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) this.save(key.slice(PREFIX.length));
  }

  done({ id, text }) {
    const draft = read(id);
    if (draft?.text !== text) return; // typed on meanwhile
    // while the field has the focus the edit goes on: all its texts are one undo
    if (isBlurb(document.activeElement) && idOf(document.activeElement) === id) {
      localStorage.setItem(PREFIX + id, JSON.stringify({ ...draft, isStored: true }));
    } else {
      localStorage.removeItem(PREFIX + id);
    }
    this.show(id, "saved");
  }

  failed({ id }, error) {
    const draft = read(id);
    if (!draft) return;
    localStorage.setItem(PREFIX + id, JSON.stringify({ ...draft, sent: null }));
    this.refused.add(id);
    this.show(id, `Not saved, your text is kept here. ${error}`);
  }

  // Put an unsaved text back into a field that the server rendered without it.
  restore(root) {
    for (const field of root.querySelectorAll("[data-field=blurb]")) {
      let draft = read(idOf(field));
      if (draft?.isStored && field !== document.activeElement) draft = localStorage.removeItem(PREFIX + idOf(field));
      if (draft && draft.text !== field.value) field.value = draft.text;
      if (draft) this.show(idOf(field), "not saved yet");
    }
  }

  isUnsaved(id) {
    return Boolean(read(id)) && !read(id).isStored;
  }

  show(id, text) {
    for (const field of document.querySelectorAll("[data-field=blurb]")) {
      if (idOf(field) === id) field.form.querySelector(".saved").textContent = text;
    }
  }
}

export const isBlurb = (node) => node.matches?.("[data-field=blurb]");
const idOf = (field) => field.form.elements.id.value;

function read(id) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id));
  } catch {
    return null;
  }
}
