// <g-life>: drag along a life line to see only that time. It fills the dates of the form "asked" and sends it;
// who has no mouse chooses the same dates with <g-range>. A click without a drag shows everything again.
const DAY = 86_400_000;

class Life extends HTMLElement {
  connectedCallback() {
    this.svg = this.querySelector("svg");
    this.brush = this.querySelector(".brush");
    this.form = document.querySelector("#asked");
    const { first, last, start, width } = this.dataset;
    Object.assign(this, { first: first / 1000, last: last / 1000, start: Number(start) + 12, width: Number(width) });
    this.rtl = document.dir === "rtl" || document.documentElement.dir === "rtl";
    this.addEventListener("pointerdown", (event) => this.begin(event));
    this.addEventListener("pointermove", (event) => this.from !== undefined && this.show(this.from, this.at(event)));
    this.addEventListener("pointerup", (event) => this.end(event));
    this.addEventListener("pointercancel", () => { this.from = undefined; this.shown(); });
    document.addEventListener("change", () => this.shown());
    this.shown();
  }

  /** Milliseconds at a pointer. */
  at(event) {
    const box = this.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.width;
    const along = (this.rtl ? this.width - x : x) - this.start;
    const share = Math.min(Math.max(along / (this.width - this.start - 12), 0), 1);
    return this.first + share * Math.max(this.last - this.first, DAY);
  }

  begin(event) {
    if (event.button !== 0) return;
    this.from = this.at(event);
    this.pressed = event.clientX;
    this.setPointerCapture(event.pointerId);
  }

  end(event) {
    if (this.from === undefined) return;
    const [from, to] = [this.from, this.at(event)].sort((a, b) => a - b);
    this.from = undefined;
    if (Math.abs(event.clientX - this.pressed) < 4) this.choose("", "");
    else this.choose(this.day(from), this.day(to + DAY));
  }

  /** The ISO day of a time in the reader's zone. */
  day(time) {
    return new Intl.DateTimeFormat("en-CA", { timeZone: this.dataset.zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(time);
  }

  choose(since, until) {
    const inputs = this.form.elements;
    if (inputs.since.value === since && inputs.until.value === until) return this.shown();
    inputs.since.value = since;
    inputs.until.value = until;
    this.shown();
    this.form.requestSubmit();
  }

  shown() {
    const { since, until } = this.form?.elements ?? {};
    if (since?.value && until?.value) this.show(Date.parse(since.value), Date.parse(until.value));
    else this.brush.setAttribute("hidden", "");
  }

  show(from, to) {
    const span = Math.max(this.last - this.first, DAY);
    const place = (time) => {
      const along = this.start + (this.width - this.start - 12) * Math.min(Math.max((time - this.first) / span, 0), 1);
      return this.rtl ? this.width - along : along;
    };
    const [a, b] = [place(from), place(to)].sort((x, y) => x - y);
    this.brush.setAttribute("x", a);
    this.brush.setAttribute("width", Math.max(b - a, 1));
    this.brush.removeAttribute("hidden");
  }
}
customElements.define("g-life", Life);
