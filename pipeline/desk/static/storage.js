// What this browser keeps for the desk. Where it keeps nothing (private windows, blocked cookies) or is full, the page
// itself keeps it as long as it is open.
const inPage = new Map();

function trying(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

export function get(key) {
  return inPage.get(key) ?? trying(() => localStorage.getItem(key)) ?? null;
}

export function set(key, text) {
  inPage.delete(key);
  try {
    localStorage.setItem(key, text);
  } catch {
    remove(key); // an older text
    inPage.set(key, text);
  }
}

export function remove(key) {
  inPage.delete(key);
  trying(() => localStorage.removeItem(key));
}

export function keys(prefix) {
  const all = [...inPage.keys(), ...(trying(() => Object.keys(localStorage)) ?? [])];
  return [...new Set(all)].filter((key) => key.startsWith(prefix));
}

export const getJson = (key) => trying(() => JSON.parse(get(key))) ?? null;
export const setJson = (key, value) => set(key, JSON.stringify(value));
export const onlyHere = (prefix) => [...inPage.keys()].filter((key) => key.startsWith(prefix)); // in no other page

// Of this tab alone; lost without harm.
export const getOfTab = (key) => trying(() => JSON.parse(sessionStorage.getItem(key))) ?? null;
export const setOfTab = (key, value) => trying(() => sessionStorage.setItem(key, JSON.stringify(value)));
