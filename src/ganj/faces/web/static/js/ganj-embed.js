/* <ganj-view>: a card of ganj inside any page.
 *
 *   <script src="https://ganj.example.com/ganj-embed.js" defer></script>
 *   <ganj-view token="…"></ganj-view>                    a token your server asked for
 *   <ganj-view token-url="/my/ganj-token?customer=7">    or where your server answers {"token": "…"}
 *
 * or set the property: element.fetchToken = async () => token. The element makes a frame, fits its height, and asks
 * for a new token before the old one ends. It stands in the light DOM, has no dependency and keeps nothing.
 */
(() => {
  const home = new URL(document.currentScript.src).origin;
  const SOON = 30; // seconds before the end of a token
  const LEAST = 5; // seconds between two askings, however often a token is refused

  class GanjView extends HTMLElement {
    static observedAttributes = ["token"];

    connectedCallback() {
      this.heard = (event) => this.hear(event);
      addEventListener("message", this.heard);
      if (this.getAttribute("token")) this.show(this.getAttribute("token"));
      else this.refresh();
    }

    disconnectedCallback() {
      removeEventListener("message", this.heard);
      clearTimeout(this.timer);
      this.frame?.remove();
      this.frame = undefined;
    }

    attributeChangedCallback(_, before, token) {
      if (this.isConnected && token && token !== before) this.show(token);
    }

    get base() { return this.getAttribute("src") ? new URL(this.getAttribute("src"), document.baseURI).origin : home; }

    /** Show the card of a token: in a new frame, or in the one that is there. */
    show(token) {
      if (this.frame) return this.frame.contentWindow.postMessage({ ganj: 1, token }, this.base);
      this.frame = document.createElement("iframe");
      this.frame.title = this.getAttribute("label") || "ganj";
      this.frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
      this.frame.referrerPolicy = "no-referrer";
      Object.assign(this.frame.style, { border: "0", inlineSize: "100%", blockSize: "240px", display: "block" });
      this.frame.src = `${this.base}/embed/customer/${encodeURIComponent(token)}`;
      this.append(this.frame);
    }

    hear(event) {
      if (!this.frame || event.source !== this.frame.contentWindow || event.origin !== this.base || event.data?.ganj !== 1) return;
      const { height, ends, ended } = event.data;
      if (height > 0) this.frame.style.blockSize = `${Math.min(height, 20_000)}px`;
      if (ends) this.later(ends - Date.now() / 1000 - SOON);
      if (ended) this.later(this.asked ? LEAST : 0);
    }

    later(seconds) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), Math.max(seconds, this.asked ? LEAST : 0) * 1000);
    }

    /** Ask for a new token. */
    async refresh() {
      const ask = this.fetchToken ?? (this.getAttribute("token-url") ? () => this.fromServer() : undefined);
      if (!ask) return;
      this.asked = true;
      try {
        const token = await ask();
        if (this.isConnected && token) this.show(token);
      } catch (wrong) {
        this.dispatchEvent(new CustomEvent("ganj-failed", { detail: wrong, bubbles: true }));
        this.later(SOON);
      }
    }

    async fromServer() {
      const answer = await fetch(this.getAttribute("token-url"), { credentials: "same-origin", headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      return (await answer.json()).token;
    }
  }
  if (!customElements.get("ganj-view")) customElements.define("ganj-view", GanjView);
})();
