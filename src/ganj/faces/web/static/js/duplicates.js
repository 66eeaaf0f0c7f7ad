// One key an answer: m merges, n says two people, p puts off, u takes back, j and k go through the queue.
const typing = (element) => element.closest?.("input:not([type=radio]), select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.code.replace("Key", "").toLowerCase(); // the same key on a Persian keyboard
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found) return;
  event.preventDefault();
  found.click();
});

for (const form of document.querySelectorAll("form[data-works]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-busy", "true");
  });
}
