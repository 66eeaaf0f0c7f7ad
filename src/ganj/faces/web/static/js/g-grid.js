// Arranging Home's tiles: drag, or lift with Enter and move with the arrows. What is arranged is kept
// in this browser's cookie, which the server reads, so that the page never jumps.
import { remember } from "./notices.js";

const box = document.querySelector(".grid-stack");
const said = JSON.parse(box.dataset.said);
const status = document.querySelector("#grid-said");
const rtl = document.dir === "rtl";
const grid = GridStack.init({ column: 12, cellHeight: 80, margin: 8, rtl, float: true, animate: false }, box);
let lifted = null;

const say = (words, node) => {
  status.textContent = node ? `${words}: ${said.at.replace("{x}", node.x + 1).replace("{y}", node.y + 1)}` : words;
};

box.addEventListener("keydown", (event) => {
  const item = event.target.closest(".grid-stack-item");
  if (!item || event.target !== item) return;
  const node = item.gridstackNode;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    lifted = lifted === item ? null : item;
    item.classList.toggle("lifted", lifted === item);
    say(lifted ? said.lifted : said.put, node);
  } else if (event.key === "Escape" && lifted) {
    item.classList.remove("lifted");
    lifted = null;
    say(said.put, node);
  } else if (lifted === item && event.key.startsWith("Arrow")) {
    event.preventDefault();
    const along = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key] ?? 0;
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (event.shiftKey) grid.update(item, { w: Math.max(3, node.w + along), h: Math.max(3, node.h + down) });
    else grid.update(item, { x: Math.max(0, node.x + along), y: Math.max(0, node.y + down) });
    item.focus();
    say("", item.gridstackNode);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-grid]");
  if (!button) return;
  const places = grid.engine.nodes.map((node) => `${node.id}.${node.x}.${node.y}.${node.w}.${node.h}`);
  remember("home", button.dataset.grid === "save" ? places.join("~") : "");
  location.assign(location.pathname);
});
