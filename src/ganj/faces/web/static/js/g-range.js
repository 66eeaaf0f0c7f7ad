// <g-range>: a stretch of days in the reader's calendar. Gives the form two ISO dates: the first day
// (since) and the day after the last (until). Month lengths come from the browser's own Persian calendar.
const DAY = 86_400_000;
const told = JSON.parse(document.querySelector("#reader")?.textContent ?? "{}");
const persian = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", { year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC" });
const digits = (words) => String(words).replace(/\d/g, (d) => (told.numerals ?? "0123456789")[d]);
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (words) => Math.round(Date.parse(`${words}T00:00:00Z`) / DAY);

/** Year, month (1–12) and day of a day number in the reader's calendar. */
export function parts(day) {
  const date = new Date(day * DAY);
  if (told.calendar !== "jalali") return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const found = Object.fromEntries(persian.formatToParts(date).map((part) => [part.type, parseInt(part.value, 10)]));
  return [found.year, found.month, found.day];
}
const monthStart = (day) => day - parts(day)[2] + 1;
const nextMonth = (first) => monthStart(first + 32);
const yearStart = (day) => { let at = monthStart(day); while (parts(at)[1] !== 1) at = monthStart(at - 1); return at; };

class Range extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.button = this.querySelector("button");
    this.inputs = { since: this.querySelector("[name=since]"), until: this.querySelector("[name=until]") };
    this.last = dayOf(this.dataset.last || iso(Math.floor(Date.now() / DAY)));
    this.since = this.inputs.since.value ? dayOf(this.inputs.since.value) : null;
    this.until = this.inputs.until.value ? dayOf(this.inputs.until.value) - 1 : null;
    this.first = monthStart(this.until ?? this.last);
    this.build();
    this.button.addEventListener("click", () => this.toggle());
    this.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("click", (event) => { if (!event.composedPath().includes(this)) this.toggle(false); });
  }

  build() {
    this.box = Object.assign(document.createElement("div"), { className: "box", hidden: true });
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-label", this.dataset.label);
    const ready = Object.assign(document.createElement("div"), { className: "ready" });
    for (const [name, words] of JSON.parse(this.dataset.ready)) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
      button.addEventListener("click", () => this.choose(...this.ready(name)));
      ready.append(button);
    }
    this.months = Object.assign(document.createElement("div"), { className: "months" });
    this.box.append(ready, this.months);
    this.append(this.box);
  }

  ready(name) {
    const end = this.last;
    const month = monthStart(end);
    return {
      d30: [end - 29, end], d90: [end - 89, end], d365: [end - 364, end],
      month: [month, end], before: [monthStart(month - 1), month - 1],
      year: [yearStart(end), end], lastyear: [yearStart(yearStart(end) - 1), yearStart(end) - 1], all: [null, null],
    }[name];
  }

  toggle(open = this.box.hidden) {
    this.box.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) { this.draw(); this.box.querySelector(".days button.end, .days button.today, .days button")?.focus(); }
  }

  draw() {
    const [year, month] = parts(this.first);
    const names = told.months[told.calendar];
    const head = document.createElement("header");
    const step = (symbol, label, go) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet round small", textContent: symbol });
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => { this.first = go(); this.draw(); });
      return button;
    };
    const title = Object.assign(document.createElement("b"), { textContent: `${names[month - 1]} ${digits(year)}` });
    title.setAttribute("aria-live", "polite");
    const rtl = document.dir === "rtl";
    head.append(step(rtl ? "›" : "‹", this.dataset.earlier, () => monthStart(this.first - 1)), title, step(rtl ? "‹" : "›", this.dataset.later, () => nextMonth(this.first)));
    const days = Object.assign(document.createElement("div"), { className: "days" });
    for (let i = 0; i < 7; i++) days.append(Object.assign(document.createElement("span"), { textContent: told.weekday_letters[(told.week_start + i) % 7] }));
    const weekday = (((this.first + 3) % 7) + 7) % 7; // 0 = Monday; 1970-01-01 was a Thursday
    for (let i = 0; i < (weekday - told.week_start + 7) % 7; i++) days.append(document.createElement("span"));
    for (let day = this.first; day < nextMonth(this.first); day++) days.append(this.day(day));
    this.months.replaceChildren(head, days);
  }

  day(day) {
    const [, month, number] = parts(day);
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: digits(number) });
    button.dataset.day = day;
    button.setAttribute("aria-label", `${digits(number)} ${told.months[told.calendar][month - 1]}`);
    if (day === this.since || day === this.until) { button.className = "end"; button.setAttribute("aria-pressed", "true"); }
    else if (this.since !== null && this.until !== null && day > this.since && day < this.until) button.className = "in";
    if (day === this.last) button.classList.add("today");
    button.addEventListener("click", () => this.pick(day));
    return button;
  }

  pick(day) {
    if (this.half === undefined) { this.half = this.since = this.until = day; this.draw(); this.box.querySelector(`[data-day="${day}"]`).focus(); return; }
    const [a, b] = [Math.min(this.half, day), Math.max(this.half, day)];
    this.half = undefined;
    this.choose(a, b);
  }

  key(event) {
    if (event.key === "Escape" && !this.box.hidden) { event.stopPropagation(); this.toggle(false); this.button.focus(); return; }
    const at = Number(event.target.dataset?.day);
    if (Number.isNaN(at)) return;
    const side = document.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: side, ArrowLeft: -side, ArrowDown: 7, ArrowUp: -7, PageDown: 30, PageUp: -30 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.first = monthStart(at + step);
    this.draw();
    this.box.querySelector(`[data-day="${at + step}"]`)?.focus();
  }

  choose(since, until) {
    [this.since, this.until] = [since, until];
    this.inputs.since.value = since === null ? "" : iso(since);
    this.inputs.until.value = until === null ? "" : iso(until + 1);
    this.toggle(false);
    this.inputs.since.form?.requestSubmit();
  }
}
customElements.define("g-range", Range);
