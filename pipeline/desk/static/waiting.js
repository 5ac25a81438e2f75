// What waits in this browser until the desk has it: decisions that are not sent yet, texts that are not saved yet, and
// words typed ahead of their field. A reload, a closed tab or a stopped desk loses none of it.
import * as storage from "./storage.js";

class Waiting {
  constructor(kind) {
    this.prefix = `triage.${kind}.`;
  }

  get(id) {
    return storage.getJson(this.prefix + id);
  }

  set(id, value) {
    storage.setJson(this.prefix + id, value);
  }

  remove(id) {
    storage.remove(this.prefix + id);
  }

  ids() {
    return storage.keys(this.prefix).map((key) => key.slice(this.prefix.length));
  }

  // Whether some of it is in this page alone, because the browser keeps nothing.
  isOnlyHere() {
    return storage.onlyHere(this.prefix).length > 0;
  }
}

export const decisions = new Waiting("queue"); // by page: its items, in order
export const texts = new Waiting("text"); // by the text's key: what is written, and what of it is on its way
export const typed = new Waiting("typed"); // by story: letters that follow its blurb
export const isOnlyHere = () => [decisions, texts, typed].some((kind) => kind.isOnlyHere());
