// <g-chart>: draws the option of its first child <script type="application/json">.
//
//   data-base         address of the customers behind the picture; a mark adds opens=[[column, op, value], …]
//   <script data-opens>  by column, for each row of the table, the conditions its cell opens (null: none)
//   data-echarts      where ECharts lies, if not beside this file
//
// Fires g-open {row, column, href} before it follows a mark; preventDefault() keeps the page. Marks can be
// walked with the arrow keys; Enter opens. Light DOM, no inline script, no HTML from data.
const here = new URL("../charts/echarts.min.js", import.meta.url).href;
const FONT = "Vazirmatn";
let library;

function echarts(address) {
  if (window.echarts) return Promise.resolve(window.echarts);
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.echarts);
    script.onerror = () => failed(new Error(address));
    document.head.append(script);
  });
  return library;
}

// The picture's own few rules, as a sheet made here: an inline style would not pass the page's policy.
const rules = new CSSStyleSheet();
rules.replaceSync(`
  g-chart { display: block; position: relative; inline-size: 100%; }
  g-chart.wide { overflow-x: auto; overflow-y: hidden; }
  g-chart > .stage { inline-size: 100%; block-size: 100%; }
  g-chart > .said { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  g-chart .tip { font-size: 13px; min-inline-size: 120px; max-inline-size: 320px; white-space: normal; text-align: start; }
  g-chart .tip strong { display: block; font-weight: 600; margin-block-end: 4px; overflow-wrap: anywhere; }
  g-chart .tip th { font-weight: 400; text-align: start; color: var(--muted); padding-inline-end: 16px; overflow-wrap: anywhere; }
  g-chart .tip td:last-child { text-align: end; font-variant-numeric: tabular-nums; }
  g-chart .tip i { display: inline-block; inline-size: 8px; block-size: 8px; border-radius: 2px; margin-inline-end: 6px; }
`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];

const font = () =>
  Promise.race([
    Promise.all([`12px ${FONT}`, `600 12px ${FONT}`].map((one) => document.fonts.load(one, "آبان ABC"))),
    new Promise((done) => setTimeout(done, 1500)), // a page without its font still has its picture
  ]);

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const system = matchMedia("(prefers-color-scheme: dark)");
const scheme = (element) => {
  const said = element.closest("[data-theme], .light, .dark");
  if (said) return said.dataset.theme || (said.classList.contains("dark") ? "dark" : "light");
  return document.documentElement.dataset.scheme || (system.matches ? "dark" : "light");
};

// Axis words come written from the server; draw.js does the same where there is no browser.
function giveWords(axis) {
  const label = axis.axisLabel;
  if (label?.words) label.formatter = (value) => label.words[Math.round((value - axis.min) / axis.interval)] ?? "";
}

// A colour stands for one colour of the other theme.
const exchanged = (part, colours) => {
  if (typeof part === "string") return colours[part] ?? part;
  if (Array.isArray(part)) return part.map((one) => exchanged(one, colours));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, exchanged(one, colours)]));
};

const made = (name, words, className) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (words) element.textContent = words; // never HTML: names come from customers' files
  return element;
};

class GChart extends HTMLElement {
  #chart;
  #option;
  #opens;
  #at = -1;
  #sizes = new ResizeObserver(() => this.#resize());
  #watch = new MutationObserver(() => this.#retheme());

  connectedCallback() {
    const script = this.querySelector('script[type="application/json"]:not([data-opens])');
    if (!script || this.#chart) return;
    this.#option = JSON.parse(script.textContent);
    this.#opens = JSON.parse(this.querySelector("script[data-opens]")?.textContent || "{}");
    this.#describe();
    this.ready = this.#draw().catch(() => this.#fail());
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    this.#watch.disconnect();
    system.removeEventListener("change", this.#retheme);
    this.#chart?.dispose();
    this.#chart = undefined;
    this.stage?.remove();
  }

  /** Whether the table stands in the picture's place. */
  set table(shown) {
    this.toggleAttribute("table", shown);
    if (this.stage) this.stage.hidden = shown;
    const other = this.dataset.table && document.getElementById(this.dataset.table);
    if (other) other.hidden = !shown;
    this.dispatchEvent(new CustomEvent("g-table", { bubbles: true, detail: { shown } }));
    if (!shown) this.#resize();
  }
  get table() { return this.hasAttribute("table"); }

  /** Return the picture as a file of its own: "svg" or "png". */
  async picture(kind = "png") {
    await this.ready;
    if (kind === "png") return this.#chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: this.#ground() });
    const stage = document.createElement("div");
    const other = window.echarts.init(stage, null, { renderer: "svg", width: this.#chart.getWidth(), height: this.#chart.getHeight() });
    other.setOption({ ...this.#chart.getOption(), animation: false });
    const address = other.getDataURL({ type: "svg" });
    other.dispose();
    return address;
  }

  /** Save the picture under the name of the figure. */
  async download(kind = "png", name = this.dataset.name || "ganj") {
    const link = document.createElement("a");
    link.href = await this.picture(kind);
    link.download = `${name}.${kind}`;
    link.click();
  }

  #describe() {
    if (!this.hasAttribute("tabindex")) this.tabIndex = 0;
    if (!this.hasAttribute("role")) this.setAttribute("role", "img");
    if (!this.hasAttribute("aria-label")) this.setAttribute("aria-label", this.#option.ganj?.words ?? "");
    this.said = made("span", "", "said");
    this.said.setAttribute("aria-live", "polite");
    const { height, kind } = this.#option.ganj ?? {};
    const fits = this.closest(".small") && kind !== "spark"; // a tile's height is the page's to say
    if (height && !fits) this.style.minBlockSize = this.style.blockSize = `${height}px`;
  }

  async #draw() {
    const [library] = await Promise.all([echarts(this.dataset.echarts || here), font()]);
    if (!this.isConnected) return;
    this.stage = made("div", "", "stage");
    this.stage.setAttribute("aria-hidden", "true");
    const { width } = this.#option.ganj ?? {};
    this.classList.toggle("wide", Boolean(width)); // a narrower place scrolls
    if (width) this.stage.style.minInlineSize = `${width}px`;
    this.append(this.stage, this.said);
    this.#chart = library.init(this.stage, null, { renderer: "canvas" });
    this.#show();
    this.#chart.on("click", (mark) => this.#open(mark.data));
    this.#chart.on("mouseover", (mark) => this.#chart.getZr().setCursorStyle(this.#href(mark.data) ? "pointer" : "default"));
    this.addEventListener("keydown", this.#key);
    this.addEventListener("blur", () => this.#chart?.dispatchAction({ type: "hideTip" }));
    this.#sizes.observe(this);
    this.#watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-scheme", "class"] });
    system.addEventListener("change", this.#retheme);
    this.dispatchEvent(new CustomEvent("g-drawn", { bubbles: true }));
  }

  #show() {
    const own = this.#option.ganj ?? {};
    this.shown = scheme(this);
    const option = exchanged(this.#option, own.theme && own.theme !== this.shown ? own.exchange : {});
    [option.xAxis, option.yAxis].flat().filter(Boolean).forEach(giveWords);
    const pages = option.legend?.pages;
    if (pages) option.legend.pageFormatter = ({ current, total }) => `${current.toLocaleString(pages)}/${total.toLocaleString(pages)}`;
    option.aria = { enabled: false }; // the element itself says what the picture shows
    option.animation = !calm.matches;
    if (option.tooltip) {
      option.tooltip.renderMode = "html";
      option.tooltip.formatter = (marks) => this.#tip([marks].flat());
      option.tooltip.appendTo = () => this;
    }
    this.#chart.setOption(option, { notMerge: true });
  }

  #retheme = () => {
    if (this.#chart && scheme(this) !== this.shown) this.#show();
  };

  #resize() {
    if (this.#chart && this.clientWidth && !this.table) this.#chart.resize();
  }

  #ground() {
    return this.shown === "dark" ? "#162124" : "#ffffff"; // the card's surface
  }

  #tip(marks) {
    const tips = marks.filter((mark) => mark.data?.tip);
    const box = made("div", "", "tip");
    box.dir = getComputedStyle(this).direction;
    const title = tips.map((mark) => mark.data.tip.title).find(Boolean);
    if (title) box.append(made("strong", title));
    const table = made("table");
    for (const mark of tips) {
      mark.data.tip.rows.forEach(([label, value], place) => {
        const row = table.insertRow();
        const dot = row.insertCell();
        if (marks.length > 1 && place === 0 && typeof mark.color === "string") {
          dot.append(Object.assign(made("i"), { ariaHidden: "true" }));
          dot.firstChild.style.background = mark.color;
        }
        row.append(made("th", label));
        const cell = row.insertCell();
        cell.append(made("bdi", value));
      });
    }
    box.append(table);
    return tips.length ? box : "";
  }

  #href(data) {
    if (data?.opens) return data.opens;
    if (data?.row === undefined || !this.dataset.base) return "";
    const where = this.#opens[data.column]?.[data.row];
    if (!where) return "";
    const address = new URL(this.dataset.base, location.href);
    address.searchParams.set("opens", JSON.stringify(where));
    return address.href;
  }

  #open(data) {
    const href = this.#href(data);
    if (data?.row === undefined && !href) return;
    const detail = { row: data.row, column: data.column, href };
    const goes = this.dispatchEvent(new CustomEvent("g-open", { bubbles: true, cancelable: true, detail }));
    if (goes && href) location.assign(href);
  }

  // ---- keys: every mark can be reached, heard and opened without a mouse -------------------------
  #marks() {
    return (this.#option.series ?? []).flatMap((series, seriesIndex) => {
      const dataType = series.links ? "edge" : undefined;
      const root = series.type === "treemap" ? 1 : 0; // the tree's own root comes first
      return (series.links ?? series.data ?? []).flatMap((data, at) =>
        data?.tip ? [{ seriesIndex, dataIndex: at + root, dataType, data }] : [],
      );
    });
  }

  #key = (event) => {
    const rtl = getComputedStyle(this).direction === "rtl";
    const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const marks = this.#marks();
    if (event.key === "Enter" && marks[this.#at]) return this.#open(marks[this.#at].data);
    if (event.key === "Escape") return this.#chart.dispatchAction({ type: "hideTip" });
    if (!step || !marks.length) return;
    event.preventDefault();
    this.#at = (this.#at + step + marks.length) % marks.length;
    const { data, ...where } = marks[this.#at];
    this.#chart.dispatchAction({ type: "showTip", ...where });
    this.said.textContent = [data.tip.title, ...data.tip.rows.map((row) => row.join(" "))].filter(Boolean).join("، ");
  };

  #fail() {
    const words = this.#option.ganj?.words;
    if (words && !this.stage) this.append(made("p", words));
  }
}

customElements.define("g-chart", GChart);
