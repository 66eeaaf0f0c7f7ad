// Choices of this browser, and the notice of what was just done, with ten seconds to take it back.
export function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
}

export function notice() {
  const told = document.querySelector("template[data-notice]");
  if (!told) return;
  const box = document.querySelector("#toasts");
  const toast = told.content.cloneNode(true).firstElementChild;
  box.append(toast);
  told.remove();
  let timer = setTimeout(() => toast.remove(), 10_000);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => { timer = setTimeout(() => toast.remove(), 4_000); });
  const clean = new URL(location.href);
  clean.searchParams.delete("done");
  history.replaceState(null, "", clean);
}
