// Tabs: arrow keys move, what is shown first time is loaded (hx-trigger="shown").
export function tabs() {
  for (const list of document.querySelectorAll("[role=tablist]:not([data-ready])")) {
    list.dataset.ready = "";
    const all = [...list.querySelectorAll("[role=tab]")];
    for (const tab of all) {
      tab.addEventListener("click", () => open(all, tab));
      tab.addEventListener("keydown", (event) => move(event, all, tab));
    }
  }
}

function open(all, tab) {
  for (const one of all) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", chosen);
    one.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(one.getAttribute("aria-controls"));
    panel.hidden = !chosen;
    if (chosen) panel.dispatchEvent(new Event("shown"));
  }
  dispatchEvent(new Event("resize"));
}

function move(event, all, tab) {
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const step = { [forward]: 1, [backward]: -1 }[event.key];
  const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : step && (all.indexOf(tab) + step + all.length) % all.length;
  if (to === undefined) return;
  event.preventDefault();
  open(all, all[to]);
  all[to].focus();
}
