// What every page does: menu, theme, keys, palette, tabs, notices. No libraries but htmx.
import "./g-combo.js";
import "./g-range.js";
import "./drop.js";
import { tabs } from "./tabs.js";
import { remember, notice } from "./notices.js";

const root = document.documentElement;
const language = document.body.dataset.lang;
const $ = (selector, within = document) => within.querySelector(selector);

const does = {
  nav() {
    const small = root.dataset.nav !== "small";
    small ? (root.dataset.nav = "small") : delete root.dataset.nav;
    remember("nav", small ? "small" : "wide");
    dispatchEvent(new Event("resize"));
  },
  theme() {
    const next = root.dataset.scheme === "dark" ? "light" : "dark";
    remember("theme", next);
    remember("scheme", next);
    root.dataset.theme = root.dataset.scheme = next;
  },
  palette() {
    const dialog = $("#palette");
    dialog.showModal();
    const words = $("#palette-words");
    words.select();
    words.dispatchEvent(new Event("input", { bubbles: true }));
  },
  help() { $("#help").showModal(); },
  async copy(button) {
    const text = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = language === "fa" ? "رونوشت شد" : "Copied";
    } catch { // not served over TLS: the text is chosen, to be copied by keys
      getSelection().selectAllChildren(text);
    }
  },
  close(button) { button.closest("dialog").close(); },
  dialog(button) { $(button.dataset.dialog).showModal(); },
  table(button) {
    const figure = button.closest("figure");
    const [chart, sheet] = [figure.querySelector("g-chart"), figure.querySelector(".sheet-of")];
    const shown = sheet.hidden;
    sheet.hidden = !shown;
    chart.hidden = shown;
    button.setAttribute("aria-pressed", String(shown));
    if (shown) sheet.dispatchEvent(new Event("shown"));
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-does]");
  if (button) does[button.dataset.does]?.(button, event);
  if (event.target instanceof HTMLDialogElement) event.target.close(); // outside of its box
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Selects that are their own form: the page follows the choice.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-goes]")) event.target.form.requestSubmit();
});

// Empty fields say nothing, so addresses stay short.
document.addEventListener("formdata", (event) => {
  const form = event.target;
  if (form.method !== "get") return;
  for (const [name, value] of [...event.formData.entries()]) {
    if (value === "" || form.elements[name]?.dataset?.default === value) event.formData.delete(name, value);
  }
});

// ---- keys ---------------------------------------------------------------------------------------
const goes = { h: "", c: "customers", a: "analyses", i: "imports", s: "settings" };
let went = 0;
document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && (key === "k" || event.code === "KeyK")) {
    event.preventDefault();
    return $("#palette").open ? $("#palette").close() : does.palette();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  const code = event.code.replace("Key", "").toLowerCase(); // the same key on a Persian keyboard
  if (event.key === "?" || event.key === "؟") does.help();
  else if (event.key === "/" && $("[data-filter]")) { event.preventDefault(); $("[data-filter]").focus(); }
  else if (Date.now() - went < 1200 && code in goes) location.assign(`/${language}/${goes[code]}`);
  else if (code === "g") went = Date.now();
  else if (code === "d") does.theme();
  else if (code === "l") location.assign($(".bar [hreflang]").href);
});
const typing = (element) => element.closest?.("input, select, textarea, [contenteditable], g-chart");

// ---- palette ------------------------------------------------------------------------------------
const options = () => [...document.querySelectorAll("#palette-list [role=option]")];
function choose(option) {
  options().forEach((one) => one.setAttribute("aria-selected", one === option));
  $("#palette-words").setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}
$("#palette-words").addEventListener("keydown", (event) => {
  const all = options();
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  } else if (event.key === "Enter" && all.length) location.assign(all[Math.max(at, 0)].dataset.href);
});
$("#palette-list").addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) location.assign(option.dataset.href);
});
document.addEventListener("htmx:after:swap", (event) => {
  if (event.target.id === "palette-list") choose(options()[0]);
});

$(".nav [aria-current]")?.scrollIntoView({ block: "nearest" });
tabs();
notice();
new MutationObserver(() => tabs()).observe(document.body, { childList: true, subtree: true });

