// Trunk's last step: bundles scripts and styles with the module's glue under names that carry a hash of their
// content, and writes index.html that names them. No inline script is left, as the content security policy asks.
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const { TRUNK_STAGING_DIR: staging, TRUNK_SOURCE_DIR: source, TRUNK_PROFILE: profile } = process.env;
if (!staging || !source) {
  fail("this is a hook of Trunk: run `trunk build` at the root of the repository");
}
const { build } = await import("esbuild").catch(() => fail("esbuild is missing: run `npm ci --prefix frontend`"));

const page = await readFile(join(staging, "index.html"), "utf8");
const glue = await only(/^frontend.*\.js$/);
const wasm = await only(/^frontend.*_bg\.wasm$/);

const result = await build({
  absWorkingDir: resolve(source),
  entryPoints: { app: "js/boot.js", theme: "js/theme.js", style: "style/main.css" },
  outdir: staging,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  publicPath: "/",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "safari16"],
  minify: profile === "release",
  legalComments: "eof",
  loader: { ".wasm": "file" },
  alias: { "@assay/glue": glue, "@assay/wasm": wasm, "@assay/chart": resolve(source, "js/chart.js") },
  metafile: true,
  logLevel: "warning",
});

// `js/boot.js` → `app-XXXX.js`: where each source went.
const names = new Map();
for (const [output, { entryPoint, inputs }] of Object.entries(result.metafile.outputs)) {
  const name = output.split("/").at(-1);
  const [first] = Object.keys(inputs);
  if (entryPoint) names.set(entryPoint, name);
  else if (name.endsWith(".wasm") && first) names.set("module.wasm", name);
}
let written = page;
for (const [from, to] of names) {
  written = written.replaceAll(`"/${from}"`, `"/${to}"`);
}
await writeFile(join(staging, "index.html"), written);
await copyFile(join(source, "favicon.svg"), join(staging, "favicon.svg"));
await rm(glue);
await rm(wasm);

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
