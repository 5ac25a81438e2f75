// Copy the draft, as rich text or as Markdown.
import { $, $$ } from "./dom.js";

async function copy(kind) {
  const text = kind === "rich" ? $("#preview").innerText : $("#markdown").value;
  const kinds = { "text/plain": new Blob([text], { type: "text/plain" }) };
  if (kind === "rich") kinds["text/html"] = new Blob([$("#preview").innerHTML], { type: "text/html" });
  await navigator.clipboard.write([new ClipboardItem(kinds)]);
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
