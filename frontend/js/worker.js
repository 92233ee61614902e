// The service worker: the site's files and the last answers of the API, for reading without the server. Never a kept answer
// where the server answers, and never one without telling the page, which labels it.
// site/bundle.mjs puts the names of the site's files in the place of FILES, and a hash of them in the place of VERSION.
const CACHE = `assay-${VERSION}`;
const ANSWERS = 80;
const KEPT_AT = "x-assay-kept-at";
const kept = new Map(); // client id → when the oldest answer that it was given was kept

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    // Others may keep things at this address too: it is often a port of a laptop.
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("assay-") && name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name)))),
  );
});

self.addEventListener("message", ({ data, source }) => {
  if (data === "what was kept?" && kept.has(source.id)) source.postMessage({ keptAt: kept.get(source.id) });
  if (data === "forget") caches.open(CACHE).then(forgetAnswers);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(request, url));
  } else if (url.pathname.startsWith("/api/")) {
    // A stream is no answer to keep; who may act is asked anew.
    if (!/^\/api\/(runs\/live|sign-in)/.test(url.pathname)) event.respondWith(answer(event));
  } else {
    event.respondWith(file(request));
  }
});

async function page(request, url) {
  try {
    return await fetch(request);
  } catch {
    const html = url.pathname === "/" ? "/index.html" : "/app.html";
    return (await caches.match(html)) ?? Response.error();
  }
}

// Files carry a hash of their content in their names; those without one are asked for each time.
async function file(request) {
  const hashed = /-[A-Z2-7]{8}\./.test(request.url);
  const known = await caches.match(request.url);
  if (known && hashed) return known;
  try {
    return await fetch(request);
  } catch (error) {
    if (known) return known;
    throw error;
  }
}

async function answer(event) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    // Only a page that shows kept answers makes use of it (js/offline.js).
    event.waitUntil(self.clients.get(event.clientId).then((client) => client?.postMessage({ answersAgain: true })));
    if (fresh.ok) event.waitUntil(keep(cache, request.url, fresh.clone()));
    return fresh;
  } catch (error) {
    const old = request.signal.aborted ? undefined : await cache.match(request.url);
    if (!old) throw error;
    await tell(event.clientId, Number(old.headers.get(KEPT_AT)));
    return old;
  }
}

async function keep(cache, url, fresh) {
  const headers = new Headers(fresh.headers);
  headers.set(KEPT_AT, String(Date.now()));
  // The body is stored as it was read: unpacked.
  headers.delete("content-encoding");
  headers.delete("content-length");
  await cache.put(url, new Response(await fresh.blob(), { headers }));
  const answers = await answersOf(cache);
  await Promise.all(answers.slice(0, -ANSWERS).map((one) => cache.delete(one)));
}

async function answersOf(cache) {
  const all = await cache.keys();
  return all.filter(({ url }) => new URL(url).pathname.startsWith("/api/"));
}

async function forgetAnswers(cache) {
  for (const one of await answersOf(cache)) await cache.delete(one);
}

async function tell(id, keptAt) {
  kept.set(id, Math.min(kept.get(id) ?? keptAt, keptAt));
  (await self.clients.get(id))?.postMessage({ keptAt: kept.get(id) });
}
