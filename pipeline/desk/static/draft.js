// Copy the draft, as rich text or as Markdown: what the page shows, or what the desk has now.
import { $, $$ } from "./dom.js";

async function current() {
  if ($("#markdown")) return { html: $("#preview").innerHTML, markdown: $("#markdown").value };
  const response = await fetch("/api/issue");
  if (!response.ok) throw new Error(`the desk answers ${response.status}`);
  return response.json();
}

// The texts are promises: a browser allows the clipboard only at once after a click.
async function copy(kind) {
  const issue = current();
  const blob = (text, type) => new Blob([text], { type });
  const kinds = { "text/plain": issue.then(({ html, markdown }) => blob(kind === "rich" ? words(html) : markdown, "text/plain")) };
  if (kind === "rich") kinds["text/html"] = issue.then(({ html }) => blob(html, "text/html"));
  await navigator.clipboard.write([new ClipboardItem(kinds)]);
}

function words(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}

export function copyDraft(say) {
  for (const button of $$("[data-copy]")) {
    button.addEventListener("click", () => {
      copy(button.dataset.copy).then(
        () => say("Copied."),
        () => say("The browser did not allow it; select the text and copy it."),
      );
    });
  }
}
