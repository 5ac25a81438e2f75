// Ordered queue of requests that record decisions. Each waits in the browser until the desk has acknowledged it, so
// that a reload, a closed tab or a stopped desk loses none; its request id keeps a repetition from being recorded twice.
// One that the desk fails to answer again and again is put off, and those of other stories go on.
import { decisions } from "./waiting.js";

const TIMEOUT_MS = 10000;
const SILENCE_MS = 1500; // without an answer, after which the banner shows
const RETRY_MS = 700;
const TRIES = 4; // of a request that the desk answers with an internal error, before it is put off
const PUT_OFF_MS = 15000;
const FAULT = "The desk reports an internal error.";

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Queue {
  constructor({ onState }) {
    this.onDone = this.onRefused = () => {}; // set by whoever handles the answers
    this.onState = onState;
    this.page = newId(); // of this page alone: a duplicated tab shares the session's storage
    this.items = [];
    this.sending = false;
    this.inFlight = null;
    this.problem = null;
    this.failures = new Map(); // item → {tries, until}: what the desk answered with an internal error
    for (const page of decisions.ids()) {
      // of a page that was left; if it is open after all, the desk records what both send once
      this.items.push(...read(page));
      decisions.remove(page);
    }
    this.store();
  }

  add(item) {
    const last = this.items.at(-1);
    if (item.kind === "note" && last?.kind === "note" && last.body.id === item.body.id && last.body.what === item.body.what && last !== this.inFlight) {
      this.items.pop(); // a newer text of the same blurb
    }
    this.items.push(item);
    this.store();
    this.send();
  }

  store() {
    if (this.items.length) decisions.set(this.page, this.items);
    else decisions.remove(this.page);
    this.show();
  }

  show() {
    const failing = this.items.find((item) => this.failures.get(item)?.tries >= TRIES);
    this.onState(this.items.length, this.problem ?? (failing ? `Not recorded: ${failing.label ?? "a decision"}. ${FAULT}` : null));
  }

  // The first item that is not put off and has no story in common with an earlier one that is.
  next() {
    const held = new Set();
    for (const item of this.items) {
      const subjects = subjectsOf(item);
      if (this.failures.get(item)?.until > performance.now() || subjects.some((one) => held.has(one))) subjects.forEach((one) => held.add(one));
      else return item;
    }
    return null;
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    for (let item = this.next(); item; item = this.next()) {
      this.inFlight = item;
      const silence = setTimeout(() => this.warn("The desk does not answer."), SILENCE_MS);
      let response, answer;
      try {
        response = await fetch(item.path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(item.body),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        answer = await response.json();
      } catch {
        if (response?.status !== 500) response = null; // broken off; an internal error is not JSON
      }
      clearTimeout(silence);
      if (!response || response.status >= 500 || response.status === 401) {
        if (response?.status === 500) this.failed(item);
        else this.warn(response?.status === 401 ? "The desk asks for its token; log in again." : answer?.error ? `Not recorded: ${answer.error}.` : "The desk does not answer.");
        await new Promise((resume) => setTimeout(resume, RETRY_MS));
        continue;
      }
      this.items.splice(this.items.indexOf(item), 1);
      this.failures.delete(item);
      this.inFlight = this.problem = null;
      this.store();
      if (response.ok) this.onDone(item, answer);
      else this.onRefused(item, answer.error ?? `It was refused (${response.status}).`);
    }
    this.inFlight = null;
    this.sending = false;
  }

  failed(item) {
    const tries = (this.failures.get(item)?.tries ?? 0) + 1;
    const wait = tries < TRIES ? 0 : PUT_OFF_MS;
    this.failures.set(item, { tries, until: performance.now() + wait });
    if (wait) setTimeout(() => this.send(), wait + RETRY_MS);
    this.warn(tries < TRIES ? FAULT : null);
  }

  warn(problem) {
    this.problem = problem;
    this.show();
  }
}

// What two items must have in common to be recorded in order: a story, or a decision and its undo.
function subjectsOf({ id, body }) {
  return [id, body.id, ...(body.ids ?? []), body.of, body.request_id?.split(":")[0]].filter(Boolean);
}

function read(page) {
  const items = decisions.get(page);
  return Array.isArray(items) ? items.filter((item) => item?.path?.startsWith("/api/")) : [];
}
