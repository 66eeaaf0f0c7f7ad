// ganj.js: what visitors do on a site, sent to your own ganj. No dependency, no third party.
(() => {
  "use strict";
  const { document: page, navigator: browser, location: here, history: past } = window;
  const script = page.currentScript || page.querySelector("script[data-key][src*='ganj.js']");
  const options = script ? script.dataset : {};
  const host = options.host || new URL(script ? script.src : here.href).origin;
  const minute = 60e3, most = 500, heavy = 60e3; // ms; events kept while offline; characters of one request
  const off = (name) => options[name] === "off";
  const share = (name, usual) => Math.random() < (options[name] === undefined ? usual : +options[name]);

  // ---- what is kept in the browser: only after consent, gone with it
  const memory = {};
  const keep = (name, value) => {
    memory[name] = value;
    try { value === undefined ? localStorage.removeItem("ganj." + name) : localStorage.setItem("ganj." + name, JSON.stringify(value)); } catch { /* full or forbidden: memory serves this page */ }
    return value;
  };
  const kept = (name) => {
    try { const text = localStorage.getItem("ganj." + name); if (text !== null) return JSON.parse(text); } catch { /* as above */ }
    return memory[name];
  };
  const uuid = () => crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (+c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> +c / 4).toString(16));
  const refuses = () => options.dnt !== "ignore" && (browser.doNotTrack === "1" || window.doNotTrack === "1" || browser.globalPrivacyControl);
  const allowed = () => {
    const told = kept("consent");
    if (told && told.analytics !== undefined) return told.analytics;
    return options.consent !== "required" && !refuses() && (!browser.webdriver || options.bots === "keep");
  };

  // ---- the queue: one for each tab, so that no tab overwrites another's; sent twice is stored once
  const ended = "Consent Withdrawn", tab = "queue." + uuid().slice(0, 8);
  let queue = [], busy = false, wait = 0, timer;
  const save = () => keep(tab, queue.length ? queue : undefined);
  const adopt = () => {
    try {
      for (const name of Object.keys(localStorage).filter((key) => key.startsWith("ganj.queue.") && key !== "ganj." + tab)) {
        const left = JSON.parse(localStorage.getItem(name)) || [], last = left[left.length - 1];
        if (last && Date.now() - Date.parse(last.timestamp) < minute / 2) continue; // its tab may be alive
        queue = left.concat(queue);
        localStorage.removeItem(name);
      }
    } catch { /* nothing to adopt */ }
  };
  const forget = () => { // what waits in other tabs as well; that consent ended is still said
    ["id", "user", "session"].forEach((name) => keep(name));
    queue = queue.filter((event) => event.event === ended);
    try { Object.keys(localStorage).forEach((key) => key.startsWith("ganj.queue.") && localStorage.removeItem(key)); } catch { /* nothing there */ }
    save();
  };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(send, ms); };
  const part = () => {
    let size = 0, count = 0;
    while (count < queue.length && count < 100 && (size += JSON.stringify(queue[count]).length) < heavy) count++;
    return queue.slice(0, Math.max(count, 1));
  };
  async function send(leaving) {
    if (!queue.length || (busy && leaving !== true)) return;
    const batch = part(), sent = new Set(batch.map((event) => event.messageId));
    busy = true;
    let pause = 0;
    try {
      const body = JSON.stringify({ writeKey: options.key, sentAt: new Date().toISOString(), batch });
      const answer = await fetch(host + "/v1/batch", { method: "POST", body, headers: { "content-type": "text/plain" }, keepalive: body.length < 64e3, credentials: "omit" });
      if (answer.ok || (answer.status < 500 && answer.status !== 429 && answer.status !== 408)) {
        queue = queue.filter((event) => !sent.has(event.messageId));
        save();
        wait = 0;
      } else pause = 1e3 * (answer.headers.get("retry-after") || 0) || -1;
    } catch { pause = -1; } // no network
    busy = false;
    if (pause < 0) pause = wait = Math.min(wait * 2 || 1e3, 5 * minute);
    if (queue.length) later(pause || 50);
  }
  const say = (type, fields) => {
    if (!allowed()) return;
    const [id, user, visit] = [kept("id") || keep("id", uuid()), kept("user"), session()];
    const event = { type, messageId: uuid(), timestamp: new Date().toISOString(), anonymousId: id, ...(user && { userId: user }), ...fields, context: context(visit) };
    queue.push(event);
    if (queue.length > most) queue.shift(); // the oldest go first
    save();
    later(queue.length > 20 ? 0 : 1e3);
  };

  // ---- who, when, from where
  const campaign = () => {
    const asked = new URLSearchParams(here.search), found = {};
    for (const [name, value] of asked) if (name.startsWith("utm_")) found[name === "utm_campaign" ? "name" : name.slice(4)] = value;
    for (const name of ["gclid", "fbclid", "yclid", "msclkid"]) if (asked.has(name)) found.click = name;
    return Object.keys(found).length ? found : undefined;
  };
  const session = () => {
    const now = Date.now(), length = (options.session || 30) * minute, came = entered && campaign();
    let visit = kept("session");
    if (!visit || now - visit.last > length || (came && JSON.stringify(came) !== JSON.stringify(visit.campaign))) {
      visit = { id: uuid(), start: now, campaign: came || campaign(), referrer: outside(page.referrer) };
    }
    entered = false;
    visit.last = now;
    return keep("session", visit);
  };
  let entered = true; // a new campaign begins a visit, once a page
  const outside = (url) => { try { return new URL(url).host !== here.host ? url : undefined; } catch { return undefined; } };
  const discreet = (url) => url.replace(/([?&#][^=&#]*(?:pass|token|secret|mail|phone|mobile|otp)[^=&#]*=)[^&#]*/gi, "$1•");
  let before = page.referrer;
  const where = () => ({ path: here.pathname, url: discreet(here.href), title: page.title, referrer: discreet(before), search: discreet(here.search) });
  const context = (visit) => ({
    page: where(), locale: browser.language, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
    ...(visit.campaign && { campaign: visit.campaign }), ...(visit.referrer && { referrer: { url: discreet(visit.referrer) } }),
    sessionId: visit.id, sessionStart: visit.start, library: { name: "ganj.js", version: "1" },
  });

  // ---- pages: how long, how far down
  const root = page.documentElement;
  const size = () => ({ path: shown, width: root.scrollWidth, height: root.scrollHeight });
  let shown = here.pathname, address, seen = 0, since = 0, depth = 0, told = 0, points = 0;
  const pace = () => { if (since) seen += Date.now() - since; since = page.hidden ? 0 : Date.now(); };
  const reach = () => { depth = Math.max(depth, Math.min(100, Math.round((100 * (scrollY + innerHeight)) / root.scrollHeight))); };
  const leave = () => {
    if (address === undefined) return;
    pace();
    if (depth > told) say("track", { event: "Page Scrolled", properties: { ...size(), scroll: (told = depth) } });
    if (seen >= 500) say("track", { event: "Page Left", properties: { path: shown, seconds: Math.round(seen / 1e3), scroll: depth } });
    seen = 0;
  };
  const spot = () => here.pathname + here.search + (off("hash") ? "" : here.hash.startsWith("#/") || options.hash === "on" ? here.hash : "");
  const view = (name, properties) => {
    if (address !== undefined && address !== spot()) { leave(); before = here.origin + address; }
    [address, shown, since, depth, told, points, moves] = [spot(), here.pathname, page.hidden ? 0 : Date.now(), 0, 0, 0, share("moves", 0.1)];
    say("page", { name: name || page.title, properties: { ...where(), ...properties } });
    setTimeout(reach, 500);
    if (!off("heat") && share("outline", 0.02)) setTimeout(outline, 1500);
  };
  const moved = () => setTimeout(() => { if (address !== undefined && spot() !== address) view(); }, 30); // titles follow
  const outline = () => { // boxes, never words: what heat-maps are laid over
    const boxes = [];
    for (const part of page.querySelectorAll("header,nav,main,aside,footer,section,img,video,iframe,h1,h2,h3,p,li,a,button,input,textarea,select,table")) {
      const box = part.getBoundingClientRect();
      if (box.width > 8 && box.height > 4 && boxes.length < 250) boxes.push([box.left + scrollX, box.top + scrollY, box.width, box.height].map(Math.round).concat(part.tagName.toLowerCase()).join());
    }
    say("track", { event: "Page Outlined", properties: { ...size(), boxes: boxes.join(";") } });
  };

  // ---- clicks, moves, forms
  const ignored = (element) => !element.closest || element.closest("[data-ganj-ignore]");
  const words = (element) => {
    if (!element.matches("a,button,summary,label,[role=button],[role=tab],[role=link],[role=menuitem]") || element.closest("[data-ganj-mask]")) return undefined;
    return (element.innerText || element.getAttribute("aria-label") || "").trim().slice(0, 80).replace(/[\d۰-۹][\d۰-۹ ()-]{3,}[\d۰-۹]|\S+@\S+/g, "•") || undefined;
  };
  const trail = (element) => {
    const names = [];
    for (let at = element; at && at !== root && names.length < 5; at = at.parentElement) {
      const id = at.getAttribute("id"); // in a form .id may be a field
      names.unshift(at.tagName.toLowerCase() + (id ? "#" + id : ""));
      if (id) break;
    }
    return names.join(" > ");
  };
  const at = (event) => ({ x: Math.round(event.pageX), y: Math.round(event.pageY) });
  let touched; // a click on a label clicks its field, too
  const clicked = (event) => {
    const aim = event.target, main = aim.closest && (aim.closest("a,button,input,select,textarea,label,summary,[role=button],[data-ganj-event]") || aim);
    if (!main || ignored(aim)) return;
    const place = event.detail ? at(event) : {}, label = touched; // by keyboard: nowhere
    touched = aim.closest("label") && event.detail ? event : undefined;
    if (label && event.detail && event.timeStamp - label.timeStamp < 50 && event.pageX === label.pageX && event.pageY === label.pageY) return;
    const spoken = off("capture") ? {} : { element: trail(main), text: words(main), ...(main.href && { href: discreet(String(main.href)) }) };
    if (!off("heat") || !off("capture")) say("track", { event: "Page Clicked", properties: { ...size(), ...(off("heat") ? {} : place), pointer: event.pointerType || undefined, ...spoken } });
    const named = aim.closest("[data-ganj-event]");
    if (named) say("track", { event: named.dataset.ganjEvent, properties: given(named) });
  };
  const given = (element) => { // data-ganj-product_id="7" → {product_id: "7"}
    const found = {};
    for (const { name, value } of element.attributes) {
      const key = /^data-ganj-(?!event$|ignore$|mask$)(.+)/.exec(name);
      if (key) found[key[1]] = /^(price|quantity|total|revenue|value|discount|position)$/.test(key[1]) ? +value : value;
    }
    return found;
  };
  let moves = false, last = 0;
  const pointed = (event) => {
    if (!moves || off("heat") || points >= 40 || Date.now() - last < 1e3 || ignored(event.target)) return;
    [last, points] = [Date.now(), points + 1];
    say("track", { event: "Pointer Moved", properties: { ...size(), ...at(event), pointer: event.pointerType } });
  };
  const submitted = (event) => {
    const form = event.target;
    if (ignored(form) || off("capture")) return;
    const fields = [...form.elements].filter((one) => one.name && one.type !== "hidden" && !ignored(one));
    say("track", { event: "Form Submitted", properties: { path: shown, form: form.getAttribute("id") || form.getAttribute("name") || trail(form), fields: fields.map((one) => one.name) } });
    const traits = {};
    for (const one of fields) if (one.dataset.ganj && one.type !== "password" && (one.checked || !/^(checkbox|radio)$/.test(one.type)) && one.value.trim()) traits[one.dataset.ganj] = one.value.trim();
    if (Object.keys(traits).length) api.identify(traits);
  };

  // ---- what sites call
  const api = {
    identify(user, traits) {
      if (user && typeof user === "object") [user, traits] = [undefined, user];
      if (user && allowed()) keep("user", String(user));
      say("identify", { traits: traits || {} });
    },
    track(event, properties) { say("track", { event, properties: properties || {} }); },
    page(name, properties) { view(name && typeof name === "object" ? undefined : name, typeof name === "object" ? name : properties); },
    group(groupId, traits) { say("group", { groupId, traits: traits || {} }); },
    alias(userId, previousId) { say("alias", { userId, previousId: previousId || kept("user") || kept("id") }); },
    consent(choice) { // true, false, or {analytics, email, sms, …}
      const wanted = typeof choice === "object" ? choice : { analytics: !!choice }, had = kept("consent") || {}, was = allowed();
      const changes = Object.keys(wanted).filter((name) => wanted[name] !== had[name]);
      const tell = () => changes.forEach((channel) => say("track", { event: wanted[channel] ? "Consent Given" : ended, properties: { channel } }));
      if (was) tell(); // the withdrawal is the last thing said
      keep("consent", { ...had, ...wanted });
      if (!was && allowed()) { tell(); view(); }
      if (was && !allowed()) { send(true); forget(); }
    },
    reset() { send(true); ["id", "user", "session"].forEach((name) => keep(name)); },
    flush: () => send(true),
    get id() { return allowed() ? kept("id") : undefined; },
  };

  // ---- begin
  const early = (window.ganj && window.ganj.q) || [];
  window.ganj = api;
  const start = () => {
    if (allowed() || (kept("consent") || {}).analytics === false) { adopt(); if (queue.length) later(50); } else forget();
    if (allowed() && !off("page")) view();
    for (const [name, values] of early) if (name !== "id" && typeof api[name] === "function") api[name](...values);
    for (const name of ["pushState", "replaceState"]) {
      const usual = past[name];
      past[name] = function changed(...values) { const result = usual.apply(this, values); moved(); return result; };
    }
    const listen = (target, name, act) => target.addEventListener(name, (event) => { try { act(event); } catch { /* never disturb the site */ } }, { capture: true, passive: true });
    listen(window, "popstate", moved);
    listen(window, "hashchange", moved);
    listen(page, "click", clicked);
    listen(page, "pointermove", pointed);
    listen(page, "pointerdown", (event) => event.pointerType === "touch" && pointed(event));
    listen(page, "submit", submitted);
    listen(window, "scroll", reach);
    listen(page, "visibilitychange", () => { if (page.hidden) { leave(); send(true); } else pace(); });
    listen(window, "pagehide", () => { leave(); send(true); });
    listen(window, "pageshow", (event) => event.persisted && view());
    listen(window, "online", () => { wait = 0; send(); });
  };
  if (page.prerendering) page.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
