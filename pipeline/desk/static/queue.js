// Ordered queue of requests that record decisions. Each waits in localStorage until the desk has acknowledged it, so
// that a reload, a closed tab or a stopped desk loses none; its request id keeps a repetition from being recorded twice.

const PREFIX = "triage.queue.";
const TIMEOUT_MS = 10000;
const SILENCE_MS = 1500; // without an answer, after which the banner shows
const RETRY_MS = 700;

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Queue {
  constructor({ onState }) {
    this.onDone = this.onRefused = () => {}; // set by whoever handles the answers
    this.onState = onState;
    this.key = PREFIX + newId(); // of this page alone: a duplicated tab shares the session's storage
    this.items = [];
    this.sending = false;
    this.inFlight = null;
    this.problem = null;
    for (const key of Object.keys(localStorage)) {
      // of a page that was left; if it is open after all, the desk records what both send once
      if (key.startsWith(PREFIX)) {
        this.items.push(...read(key));
        localStorage.removeItem(key);
      }
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
    if (this.items.length) localStorage.setItem(this.key, JSON.stringify(this.items));
    else localStorage.removeItem(this.key);
    this.onState(this.items.length, this.problem);
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    while (this.items.length) {
      const item = (this.inFlight = this.items[0]);
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
        response = null;
      }
      clearTimeout(silence);
      if (!response || response.status >= 500 || response.status === 401) {
        const reason = { 401: "The desk asks for its token; log in again." }[response?.status];
        this.warn(reason ?? (response ? "The desk reports an internal error." : "The desk does not answer."));
        await new Promise((resume) => setTimeout(resume, RETRY_MS));
        continue;
      }
      this.items.shift();
      this.inFlight = this.problem = null;
      this.store();
      if (response.ok) this.onDone(item, answer);
      else this.onRefused(item, answer.error ?? `It was refused (${response.status}).`);
    }
    this.sending = false;
  }

  warn(problem) {
    this.problem = problem;
    this.onState(this.items.length, problem);
  }
}

function read(key) {
  try {
    const items = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(items) ? items.filter((item) => item?.path?.startsWith("/api/")) : [];
  } catch {
    return [];
  }
}
