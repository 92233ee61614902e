// Trunk's last step: bundles scripts and styles with the programs' glue under names that carry a hash of their
// content, and writes the two pages that name them: index.html with the first view's program, app.html with the one that
// has every page. No inline script is left, as the content security policy asks. Each file gets a twin in Brotli.
import { createHash } from "node:crypto";
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const { TRUNK_STAGING_DIR: staging, TRUNK_SOURCE_DIR: source, TRUNK_PROFILE: profile } = process.env;
if (!staging || !source) {
  fail("this is a hook of Trunk: run `trunk build` at the root of the repository");
}
const { build } = await import("esbuild").catch(() => fail("esbuild is missing: run `npm ci --prefix frontend`"));

const common = {
  absWorkingDir: resolve(source),
  outdir: staging,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  publicPath: "/",
  bundle: true,
  format: "esm",
  target: ["es2022", "safari16"],
  minify: profile === "release",
  legalComments: "eof",
  metafile: true,
  logLevel: "warning",
};

// Apart from the rest, so that nothing is shared: a third file for a helper would be one more trip to the server.
const drawing = nameOf(await build({ ...common, entryPoints: { draw: "js/draw.js" } }), "js/draw.js");
const entries = { theme: "js/theme.js", style: "style/main.css", desk: "style/desk.css", late: "style/late.css" };
const shared = await build({ ...common, entryPoints: entries });
const names = Object.fromEntries(Object.values(entries).map((entry) => [entry, nameOf(shared, entry)]));

const STYLE = JSON.stringify(`/${names["style/late.css"]}`);
const late = nameOf(await build({ ...common, entryPoints: { late: "js/late.js" }, define: { STYLE } }), "js/late.js");

const page = await readFile(join(staging, "index.html"), "utf8");
// Trunk leaves the link of a program whose scripts it should not write.
const bare = page.replace(/\n *<(link data-trunk|!--)[^>]*>/g, "");
const desk = await program("desk", "app");
const home = await program("frontend", "home");
await writeFile(join(staging, "app.html"), named({ ...names, ...desk }));
// The first view has no use for the other pages' style, and its program waits for the answer.
const first = named({ ...names, ...home }).replace(/\n.*href="\/desk-[^\n]*/, "").replace(/\n.*rel="preload"[^\n]*/, "");
await writeFile(join(staging, "index.html"), first);
await copyFile(join(source, "favicon.svg"), join(staging, "favicon.svg"));
await serviceWorker();
for (const name of await readdir(staging)) {
  await compress(join(staging, name));
}

// The worker keeps every file of the site; its version is theirs, so that a new site is a new cache.
async function serviceWorker() {
  const files = (await readdir(staging)).sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(await readFile(join(staging, file)));
  await build({
    ...common,
    entryNames: "[name]",
    entryPoints: { worker: "js/worker.js" },
    define: { FILES: JSON.stringify(files.map((file) => `/${file}`)), VERSION: JSON.stringify(hash.digest("hex").slice(0, 16)) },
  });
}

// Bundles one of the crate's programs as `name`, and takes wasm-bindgen's files away.
async function program(bin, name) {
  const glue = await only(new RegExp(`^${bin}.*\\.js$`));
  const wasm = await only(new RegExp(`^${bin}.*_bg\\.wasm$`));
  const built = await build({
    ...common,
    entryPoints: { [name]: "js/boot.js" },
    loader: { ".wasm": "file" },
    alias: { "@assay/glue": glue, "@assay/wasm": wasm, "@assay/chart": resolve(source, "js/chart.js") },
    define: { DRAWING: JSON.stringify(`/${drawing}`), LATE: JSON.stringify(`/${late}`) },
    external: ["/draw-*.js", "/late-*.js"],
  });
  const module = Object.keys(built.metafile.outputs).map(base).find((file) => file.endsWith(".wasm"));
  await rm(glue);
  await rm(wasm);
  return { "js/boot.js": nameOf(built, "js/boot.js"), "module.wasm": module };
}

// The page with the names that the files got.
function named(files) {
  return Object.entries(files).reduce((text, [from, to]) => text.replaceAll(`"/${from}"`, `"/${to}"`), bare);
}

// The server sends `x.br` in the place of `x` to those who take it.
async function compress(path) {
  const bytes = await readFile(path);
  const quality = profile === "release" ? constants.BROTLI_MAX_QUALITY : 4;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const small = brotliCompressSync(bytes, { params });
  if (small.length < bytes.length) {
    await writeFile(`${path}.br`, small);
  }
}

// The hashed name of what became of an entry: `js/boot.js` → `app-XXXX.js`.
function nameOf({ metafile }, entry) {
  const [path] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry);
  return base(path);
}

function base(path) {
  return path.split("/").at(-1);
}

async function only(pattern) {
  const found = (await readdir(staging)).filter((name) => pattern.test(name));
  if (found.length !== 1) {
    fail(`expected one file like ${pattern} from wasm-bindgen, found: ${found.join(", ") || "none"}`);
  }
  return join(staging, found[0]);
}

function fail(message) {
  console.error(`site/bundle.mjs: ${message}`);
  process.exit(1);
}
