// What a reader's browser fetches for the first view, and what the whole site weighs, each file in Brotli as a CDN sends it.
import { brotliCompressSync, constants } from "node:zlib";

/** Bytes in Brotli at its best. */
function packed(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return brotliCompressSync(bytes, { params }).length;
}

/** The first view: all that is asked for until the chart is drawn. What is fetched for later is told apart. */
export async function firstView(browser, url) {
  const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
  const seen = [];
  page.on("response", (response) => seen.push(response));
  await page.goto(url);
  await page.locator(".chart canvas").first().waitFor();
  await page.waitForLoadState("networkidle").catch(() => {});
  const parts = {};
  let later = 0;
  for (const response of seen) {
    const path = new URL(response.url()).pathname;
    const kind = kindOf(path);
    // The stream of progress never ends, and status, icon and what starts when the page is quiet are not the first view.
    if (!kind) continue;
    const size = packed(await response.body());
    if (kind === "later") later += size;
    else parts[kind] = (parts[kind] ?? 0) + size;
  }
  await page.context().close();
  const total = Object.values(parts).reduce((sum, size) => sum + size, 0);
  return { parts, total, later };
}

function kindOf(path) {
  if (path === "/") return "html";
  if (path === "/api/valuation") return "snapshot";
  if (path.startsWith("/api/")) return undefined;
  if (/^\/late-/.test(path)) return "later";
  return path.split(".").at(-1).replace("svg", "icon");
}

/** Every file of the site as the service worker lists them. */
export async function everything(url) {
  const worker = await (await fetch(`${url}/worker.js`)).text();
  const files = [...new Set([...worker.matchAll(/"(\/[\w.-]+)"/g)].map(([, file]) => file))];
  let total = packed(Buffer.from(worker));
  for (const file of files) {
    const answer = await fetch(url + file);
    if (answer.ok && !file.startsWith("/api")) total += packed(Buffer.from(await answer.arrayBuffer()));
  }
  return total;
}
