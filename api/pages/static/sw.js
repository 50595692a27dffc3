/* Without a network: one page of telephone numbers, and nothing else. Pages with people in them are never kept.

   The one cache holds /senza-rete and its stylesheet. Only a navigation that fails is answered from it. */

"use strict";

const CACHE = "approdo-senza-rete-1";
const PAGE = "/senza-rete";

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(navigated(request));
  else if (request.destination === "style") event.respondWith(styled(request));
});

/* The page is asked for without cookies: it is the same for everybody. */
async function keep() {
  const answer = await fetch(PAGE, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error("no page");
  const text = await answer.clone().text();
  const cache = await caches.open(CACHE);
  await cache.put(PAGE, answer);
  const style = text.match(/\/statiche\/approdo\.css\?v=\w+/);
  if (style) await cache.add(style[0]);
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

async function navigated(request) {
  try {
    return await fetch(request);
  } catch {
    /* Who leaves in a hurry finds an empty page, also without a network. */
    if (new URL(request.url).pathname === "/fine") {
      return new Response("<!doctype html><title>Nuova pagina</title>", { headers: { "Content-Type": "text/html" } });
    }
    return (await caches.match(PAGE)) || Response.error();
  }
}

async function styled(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) || Response.error();
  }
}
