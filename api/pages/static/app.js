/* What pages do by themselves where a browser runs scripts. Every page works without.

   Live news, counting down, leaving at once, sending on a bad network, locking when nobody is there. Listeners stand
   on the document, so that a part of a page that is replaced needs none of its own. Nothing is stored here, and
   nothing is sent that nobody has sent: what fails is said, and waits on the page for another tap. */

(() => {
  "use strict";

  const COALESCE = 100, LOST_AFTER = 10000, QUIET = 15000, PATIENCE = 20000, REOPEN = 5000, AWAY = 60000;
  const root = document.documentElement;
  const one = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  /* The page's own words: data-… of #parole, in its language. */
  const word = (name, ...said) =>
    said.reduce((text, each) => text.replace("{}", each), (one("#parole")?.dataset || {})[name] || "");

  /* A request that the page makes by itself, which is not somebody's presence. Rejects after ten seconds. */
  const quietly = (url, seconds = 10) => within(seconds * 1000, (signal) =>
    fetch(url, { headers: { "Approdo-Background": "1" }, cache: "no-store", credentials: "same-origin", signal }));

  async function within(milliseconds, ask) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), milliseconds);
    try {
      return await ask(controller.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /* Notices under the header ----------------------------------------------------------------------------- */

  /* One at a time: what was not sent comes before a page that is not up to date. */
  let unsent = null, stale = false;

  function notice() {
    const box = one("#rete");
    if (!box) return;
    const said = unsent ? (navigator.onLine ? word("nonInviato") : word("nonInviatoSenzaRete"))
      : stale ? word("nonAggiornato") : "";
    root.classList.toggle("non-aggiornato", stale);
    if (box.dataset.said === said) return;
    box.dataset.said = said;
    box.hidden = !said;
    box.classList.toggle("avviso--pericolo", Boolean(unsent));
    box.setAttribute("role", unsent ? "alert" : "status");
    one("#rete-testo").textContent = said;
    one("#rete-riprova").hidden = !said;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#rete-riprova")) return;
    if (unsent) unsent();
    else hear(true);
  });
  for (const name of ["online", "offline"]) window.addEventListener(name, () => {
    notice();
    if (name === "online") hear(true);
    else lose();
  });

  function announce(text) {
    const region = one("#annunci");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  }

  /* Live news: a stream says that something changed, the page asks again what it may see ------------------ */

  let stream = null, heard = 0, lostAt = 0, news = 0, left = 0;

  function hear(anew = false) {
    if (!("live" in document.body.dataset) || !window.EventSource) return;
    if (stream && !anew && stream.readyState !== EventSource.CLOSED) return;
    stream?.close();
    stream = new EventSource("/events");
    for (const kind of ["here", "queue", "board", "review", "reload"]) stream.addEventListener(kind, () => {
      alive();
      soon();
    });
    stream.onopen = alive;
    stream.onerror = lose;
  }

  function alive() {
    heard = performance.now();
    lostAt = 0;
    if (stale) {
      stale = false;
      notice();
    }
  }

  function lose() {
    lostAt ||= performance.now();
    setTimeout(judge, LOST_AFTER + 100);
  }

  function judge() {
    if ("live" in document.body.dataset && lostAt && performance.now() - lostAt > LOST_AFTER && !document.hidden) {
      stale = true;
      notice();
    }
  }

  /* A connection can be dead and say nothing; and behind a living one the views can stand still. */
  async function watch() {
    if (!("live" in document.body.dataset) || document.hidden) return;
    if (stream?.readyState === EventSource.CLOSED) {
      hear(true);
      return soon();
    }
    if (stream?.readyState !== EventSource.OPEN || performance.now() - heard < QUIET) return judge();
    try {
      const answer = await quietly("/status", 5);
      const said = await answer.json();
      if (!answer.ok || said.views?.stopped) throw new Error("not up to date");
      heard = performance.now();
      if (lostAt) {
        alive();
        soon();
      }
    } catch {
      lostAt = -LOST_AFTER;
      judge();
    }
  }

  function soon() {
    news ||= setTimeout(() => {
      news = 0;
      document.body.dispatchEvent(new CustomEvent("novita"));
      for (const each of all("[data-live-src]")) if (!(window.htmx && each.hasAttribute("hx-get"))) refresh(each);
    }, COALESCE);
  }

  /* The same address once, however many parts of the page come from it. */
  const asked = new Map();

  async function refresh(part) {
    const url = part.dataset.liveSrc;
    if (!asked.has(url)) asked.set(url, fresh(url).finally(() => asked.delete(url)));
    const page = await asked.get(url);
    const now = page && document.getElementById(part.id);
    const next = page?.getElementById(part.id);
    if (!now || !next) return;
    if (isHeld(now)) waiting = true;
    else put(now, document.importNode(next, true));
  }

  let waiting = false;
  document.addEventListener("focusout", () => {
    if (waiting) soon();
    waiting = false;
  });

  /* The page as it is now; null where it cannot be had. Away from here where it says so. */
  async function fresh(url) {
    try {
      const answer = await quietly(url);
      if (sentAway(answer)) return null;
      if (answer.status === 404 && !all("main form").some(isHeld)) location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      return new DOMParser().parseFromString(text, "text/html");
    } catch {
      lose();
      return null;
    }
  }

  function sentAway(answer) {
    if (!answer.redirected) return false;
    if (root.classList.contains("via")) return true;
    const path = new URL(answer.url).pathname;
    if (path === "/sblocca") lock();
    else location.replace(path);
    return true;
  }

  /* Nobody's words or choice are taken from under their fingers. */
  function isHeld(part) {
    const focused = document.activeElement;
    if (part.contains(focused) && focused.matches("input, select, textarea")) return true;
    return all("form[data-invio]", part).length > 0 || all("input, textarea, select", part).some(isTyped);
  }

  function isTyped(field) {
    if (field.type === "hidden") return false;
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((each) => each.selected !== each.defaultSelected)
      && [...field.options].some((each) => each.defaultSelected);
    return field.value !== field.defaultValue;
  }

  function put(old, next) {
    if (sameness(old) === sameness(next)) {
      all("time[data-now]", next).forEach((each) => { arrived.set(each.dataset.now, performance.now()); });
      return;
    }
    const after = kept(old);
    old.replaceWith(next);
    after(next);
  }

  /* Each drawing has other keys in its forms and another instant: neither is a change. */
  const sameness = (part) => {
    const copy = part.cloneNode(true);
    all("[name=_chiave], [name=_gettone]", copy).forEach((each) => each.remove());
    all("time.scade", copy).forEach((each) => {
      each.textContent = each.className = "";
      each.removeAttribute("data-now");
    });
    all("details", copy).forEach((each) => each.removeAttribute("open"));
    return copy.innerHTML;
  };

  /* What stays as it was when a part is replaced: what is open, and where the focus is. */
  function kept(old) {
    const open = all("details", old).map((each) => each.open);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && all("a, button, summary, input, select, textarea", old).indexOf(focused);
    return (next) => {
      const details = all("details", next);
      if (details.length === open.length) details.forEach((each, index) => { each.open = open[index]; });
      if (focused) (focused.id && document.getElementById(focused.id)
        || all("a, button, summary, input, select, textarea", next)[place] || one("main"))?.focus({ preventScroll: true });
      count();
    };
  }

  /* Where htmx is installed it does the asking; these are the same rules for it. */
  document.addEventListener("htmx:config:request", (event) => {
    const { sourceElement, request } = event.detail.ctx;
    if (sourceElement.hasAttribute("data-live-src")) request.headers["Approdo-Background"] = "1";
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!sourceElement.hasAttribute("data-live-src")) return;
    if (sentAway(response.raw) || response.status >= 400 || isHeld(sourceElement)) event.preventDefault();
    if (response.status >= 400) lose();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = event.detail.ctx;
    if (!ctx.sourceElement.hasAttribute("data-live-src")) return;
    event.preventDefault();
    const next = new DOMParser().parseFromString(ctx.text, "text/html").getElementById(ctx.sourceElement.id);
    if (!next || isHeld(ctx.sourceElement)) return;
    put(ctx.sourceElement, document.importNode(next, true));
    const now = document.getElementById(next.id);
    if (now) window.htmx.process(now);
  });
  document.addEventListener("htmx:error", lose);

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      left = Date.now();
      setTimeout(() => { if (document.hidden) stream?.close(); }, AWAY);
      return;
    }
    /* While it sleeps, a telephone's monotonic clock may stand still: here the other one is asked, and only here. */
    const away = Math.max(Date.now() - left, 0);
    if (idle() || idle(away)) return lock();
    hear();
    if (away > 5000) soon();
  });
  window.addEventListener("pagehide", () => stream?.close());

  /* Counting down: the server's instant when the page was drawn, and what has passed here since. The telephone's
     clock may be wrong, so it is never asked. -------------------------------------------------------------- */

  const arrived = new Map(), spoken = new Set(), SPOKEN_AT = [5, 2, 1];

  function leftOf(time) {
    const { until, now } = time.dataset;
    if (!arrived.has(now)) arrived.set(now, arrived.size ? performance.now() : responded());
    return Date.parse(until) - Date.parse(now) - (performance.now() - arrived.get(now));
  }

  const responded = () => performance.getEntriesByType?.("navigation")[0]?.responseStart || performance.now();

  function count() {
    for (const time of all("time.scade[data-until][data-now]")) {
      const milliseconds = leftOf(time);
      const said = milliseconds > 0 ? word("fra", length(milliseconds)) : word("scaduto", length(-milliseconds));
      if (time.textContent !== said) time.textContent = said;
      time.classList.toggle("scade--presto", milliseconds > 0 && milliseconds <= 120000);
      time.classList.toggle("scade--finito", milliseconds <= 0);
      speak(time, milliseconds);
    }
  }

  /* Only in the minute itself: whoever opens a page late is not told what they can read. */
  function speak(time, milliseconds) {
    const minutes = SPOKEN_AT.find((each) => milliseconds <= each * 60000 && milliseconds > each * 60000 - 5000);
    const key = `${time.dataset.until} ${minutes}`;
    if (!minutes || spoken.has(key)) return;
    spoken.add(key);
    const what = time.dataset.cosa ? `${time.dataset.cosa}: ` : "";
    announce(what + word(minutes === 1 ? "fraUnMinuto" : "fraMinuti", minutes));
    if (minutes === 2) warn(time, what + word("fraMinuti", minutes));
  }

  function warn(time, text) {
    const said = document.createElement("p");
    said.className = "avviso";
    said.setAttribute("role", "alert");
    said.textContent = text;
    (time.closest(".scheda, section, li, tr") || time.parentElement).before(said);
    setTimeout(() => said.remove(), 120000);
  }

  function length(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
    if (hours >= 48) return word("giorni", Math.floor(hours / 24));
    if (hours) return minutes % 60 ? word("oreMinuti", hours, minutes % 60) : word("ore", hours);
    if (minutes >= 2) return word("minuti", minutes);
    return minutes ? word("minutiSecondi", minutes, seconds % 60) : word("secondi", seconds);
  }

  /* Leaving at once: nothing to be seen first, then the session ends, then another page takes this one's place - */

  async function leave() {
    const form = one("#uscita");
    if (!form || root.classList.contains("via")) return;
    root.classList.add("via");
    stream?.close();
    document.title = "\u200b";
    const body = new URLSearchParams(new FormData(form));
    const ended = fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" })
      .then(() => leftOpen(false), () => leftOpen(true));
    await Promise.race([ended, new Promise((go) => setTimeout(go, 400))]);
    location.replace("/fine");
  }

  /* Whoever left without a network still has a session: the next page that comes ends it before it is read. The
     mark says that and nothing else. */
  function leftOpen(still) {
    document.cookie = `approdo-uscita=1; path=/; samesite=strict; max-age=${still ? 50400 : 0}`;
  }

  let shifts = [];
  document.addEventListener("keydown", (event) => {
    touched = performance.now();
    shifts = event.key === "Shift" && !event.repeat ? [...shifts.filter((at) => event.timeStamp - at < 1500), event.timeStamp] : [];
    if (shifts.length >= 3) return leave();
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    /* A question that is asked first is answered with no. */
    const asked = one("dialog[open], [role=alertdialog]");
    if (asked) return asked.querySelector("[data-annulla]")?.click();
    /* Esc closes what such a field has opened; it leaves the page the second time. */
    const field = document.activeElement;
    if (field?.matches("select, input[type=date], input[type=time], input[type=datetime-local]")) return field.blur();
    leave();
  });

  /* Sending: what was typed stays on the page until the answer is here ------------------------------------- */

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const method = button?.getAttribute("formmethod") || form.method;
    if (event.defaultPrevented || method.toLowerCase() !== "post" || form.hasAttribute("data-nativo")) return;
    event.preventDefault();
    if (form.id === "uscita") leave();
    else send(form, button);
  });

  async function send(form, button) {
    if (form.dataset.invio) return;
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.append(button.name, button.value);
    const action = button?.hasAttribute("formaction") ? button.formAction : form.getAttribute("action") || location.href;
    form.dataset.invio = "1";
    button?.setAttribute("aria-busy", "true");
    unsent = null;
    notice();
    try {
      await within(PATIENCE, async (signal) => {
        const headers = { "Approdo-Sent": "1" };
        const answer = await fetch(action, { method: "POST", body, headers, signal, credentials: "same-origin" });
        await show(answer, form, button);
      });
    } catch {
      unsent = () => send(form, button);
      notice();
    } finally {
      delete form.dataset.invio;
      button?.removeAttribute("aria-busy");
    }
  }

  /* The next page, or this one drawn again with what is to be mended. */
  async function show(answer, form, button) {
    const next = answer.headers.get("Approdo-Go") || answer.redirected && answer.url;
    if (next) return go(new URL(next, location.href));
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) throw new Error(String(answer.status));
    if (!answer.headers.get("Content-Type")?.includes("text/html")) return byItself(form, button);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of ["lang", "data-tema", "data-registro"]) {
      if (page.documentElement.hasAttribute(name)) root.setAttribute(name, page.documentElement.getAttribute(name));
      else root.removeAttribute(name);
    }
    stream?.close();
    stream = null;
    lostAt = 0;
    stale = false;
    root.classList.remove("coperta");
    document.title = page.title;
    document.body.replaceWith(document.importNode(page.body, true));
    window.htmx?.process(document.body);
    window.scrollTo(0, 0);
    (one("main [autofocus]") || one("main"))?.focus({ preventScroll: true });
    begin();
  }

  function go(url) {
    if (url.hash && url.pathname + url.search === location.pathname + location.search) {
      history.replaceState(null, "", url);
      location.reload();
    } else location.assign(url);
  }

  /* A file to keep, not a page: the browser asks for it again, and the form's key makes it the same request. */
  function byItself(form, button) {
    form.setAttribute("data-nativo", "");
    form.requestSubmit(button);
  }

  /* Locking: whoever puts the telephone down leaves nothing to be read ------------------------------------- */

  let touched = performance.now();
  for (const name of ["pointerdown", "wheel", "touchmove", "input"]) {
    document.addEventListener(name, () => { touched = performance.now(); }, { passive: true });
  }

  function idle(milliseconds = performance.now() - touched) {
    const seconds = Number(document.body.dataset.bloccaDopo);
    return seconds > 0 && milliseconds > seconds * 1000;
  }

  /* Covered at once, locked as soon as the server hears of it; the draft goes with the lock. */
  function lock() {
    const button = one("#blocca");
    if (!button || button.form.dataset.invio || unsent && root.classList.contains("coperta")) return;
    root.classList.add("coperta");
    send(button.form, button);
  }

  /* Beginning ---------------------------------------------------------------------------------------------- */

  function begin() {
    touched = performance.now();
    for (const each of all(".annulla[data-secondi], .affidati[data-secondi]")) setTimeout(() => each.remove(), Number(each.dataset.secondi) * 1000);
    count();
    notice();
    hear();
  }

  setInterval(count, 1000);
  setInterval(watch, 5000);
  setInterval(() => { if (idle()) lock(); }, 1000);
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
  if (!document.cookie.includes("approdo-uscita=1")) begin();
  else if (one("#uscita")) leave();
  else {
    leftOpen(false);
    begin();
  }
})();
