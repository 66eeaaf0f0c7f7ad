// <g-combo>: one or many values out of suggestions, or of one's own. Keeps what a form sends in plain inputs.
class Combo extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.many = "many" in this.dataset;
    this.free = "free" in this.dataset;
    const inputs = [...this.querySelectorAll("input")];
    this.options = [...this.querySelectorAll("option")].map((one) => ({ value: one.value, words: one.textContent || one.value }));
    this.querySelector("datalist")?.remove();
    this.values = inputs.map((one) => one.value).filter(Boolean);
    inputs.forEach((one) => one.remove());
    this.build();
    this.draw();
  }

  build() {
    const label = this.dataset.label;
    this.tags = Object.assign(document.createElement("ul"), { className: "tags" });
    this.input = Object.assign(document.createElement("input"), { className: "input", autocomplete: "off", dir: "auto" });
    this.list = Object.assign(document.createElement("ul"), { className: "list", id: `list-${this.dataset.name}`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list", "aria-label": label }))
      this.input.setAttribute(name, value);
    this.append(this.tags, this.input, this.list);
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("focus", () => this.suggest());
    this.input.addEventListener("blur", () => setTimeout(() => this.leave(), 120));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { event.preventDefault(); this.take(option.dataset.value); }
    });
  }

  draw() {
    this.querySelectorAll("input[type=hidden]").forEach((one) => one.remove());
    for (const value of this.values.length ? this.values : [""]) this.append(Object.assign(document.createElement("input"), { type: "hidden", name: this.dataset.name, value }));
    if (!this.many) { this.input.value = this.said(this.values[0] ?? ""); return; }
    this.tags.replaceChildren(...this.values.map((value) => this.tag(value)));
  }

  tag(value) {
    const item = Object.assign(document.createElement("li"), { className: "chip large primary" });
    const words = Object.assign(document.createElement("bdi"), { textContent: this.said(value) });
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    button.setAttribute("aria-label", `${this.dataset.remove} ${this.said(value)}`);
    button.addEventListener("click", () => { this.values = this.values.filter((one) => one !== value); this.changed(); this.input.focus(); });
    item.append(words, button);
    return item;
  }

  said(value) { return this.options.find((one) => one.value === value)?.words ?? value; }
  changed() { this.draw(); this.dispatchEvent(new Event("change", { bubbles: true })); }

  take(value) {
    if (this.many) { if (!this.values.includes(value)) this.values.push(value); this.input.value = ""; }
    else this.values = value ? [value] : [];
    this.close();
    this.changed();
  }

  suggest() {
    const words = this.many || this.input.value !== this.said(this.values[0] ?? "") ? this.input.value.trim().toLowerCase() : "";
    const found = this.options.filter((one) => one.value && !(this.many && this.values.includes(one.value)) && `${one.words} ${one.value}`.toLowerCase().includes(words)).slice(0, 60);
    this.list.replaceChildren(...found.map((one, index) => {
      const item = Object.assign(document.createElement("li"), { id: `${this.list.id}-${index}`, textContent: one.words });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.value = one.value;
      return item;
    }));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(!!found.length));
  }

  key(event) {
    const all = [...this.list.children];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.suggest();
      this.mark(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && (at >= 0 || (this.many && this.input.value.trim()))) {
      event.preventDefault();
      if (at >= 0) this.take(all[at].dataset.value);
      else if (this.free) this.take(this.input.value.trim());
    } else if (event.key === "Escape") this.close();
    else if (event.key === "Backspace" && !this.input.value && this.many && this.values.length) { this.values.pop(); this.changed(); }
  }

  mark(option) {
    [...this.list.children].forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  leave() {
    this.close();
    const words = this.input.value.trim();
    if (this.many) { if (words && this.free) this.take(words); return; }
    const known = this.options.find((one) => one.words === words || one.value === words);
    if (known) { if (known.value !== this.values[0]) this.take(known.value); }
    else if (!words) { if (this.values.length) this.take(""); }
    else if (this.free) this.take(words);
    else this.input.value = this.said(this.values[0] ?? "");
  }

  close() { this.list.hidden = true; this.input.setAttribute("aria-expanded", "false"); }
}
customElements.define("g-combo", Combo);
