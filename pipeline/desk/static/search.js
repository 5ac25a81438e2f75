// Search as one types: the list shows what matches, the address keeps it.
import { go, leaveField } from "./cursor.js";
import { $ } from "./dom.js";
import { current, list, rows } from "./list.js";
import { refresh } from "./refresh.js";

const PAUSE_MS = 120;

export function searchLive() {
  const form = $("form.search");
  if (!form || !list) return;
  let timer = null;
  const search = () => {
    clearTimeout(timer);
    const query = new URLSearchParams(location.search);
    for (const name of ["q", "minutes"]) {
      const value = form.elements[name].value.trim();
      if (value) query.set(name, value);
      else query.delete(name);
    }
    query.delete("at");
    query.delete("limit");
    const address = query.size ? "?" + query : location.pathname;
    if (address === (location.search || location.pathname)) return Promise.resolve();
    history.replaceState(null, "", address);
    return refresh({ anew: true }).catch(() => {});
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await search();
    leaveField(document.activeElement);
    if (!current()) go(rows()[0]);
  });
}
