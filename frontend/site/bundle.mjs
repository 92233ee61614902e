// Trunk's last step: bundles scripts and styles with the modules' glue under names that carry a hash of their
// content, and writes index.html that names them. No inline script is left, as the content security policy asks.
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const { TRUNK_STAGING_DIR: staging, TRUNK_SOURCE_DIR: source, TRUNK_PROFILE: profile } = process.env;
if (!staging || !source) {
  fail("this is a hook of Trunk: run `trunk build` at the root of the repository");
}
const { build } = await import("esbuild").catch(() => fail("esbuild is missing: run `npm ci --prefix frontend`"));

const page = await readFile(join(staging, "index.html"), "utf8");
const programs = {};
for (const name of ["frontend", "record"]) {
  programs[name] = { glue: await only(new RegExp(`^${name}.*\\.js$`)), wasm: await only(new RegExp(`^${name}.*_bg\\.wasm$`)) };
}

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
const drawing = await build({ ...common, entryPoints: { draw: "js/draw.js" } });
const record = await build({
  ...common,
  entryPoints: { record: "js/reader.js" },
  loader: { ".wasm": "file" },
  alias: { "@assay/record-glue": programs.record.glue, "@assay/record-wasm": programs.record.wasm },
});
const site = await build({
  ...common,
  entryPoints: { app: "js/boot.js", theme: "js/theme.js", style: "style/main.css" },
  loader: { ".wasm": "file" },
  alias: {
    "@assay/glue": programs.frontend.glue,
    "@assay/wasm": programs.frontend.wasm,
    "@assay/chart": resolve(source, "js/chart.js"),
    "@assay/record": resolve(source, "js/record.js"),
  },
  define: {
    DRAWING: JSON.stringify(`/${nameOf(drawing, "js/draw.js")}`),
    RECORD: JSON.stringify(`/${nameOf(record, "js/reader.js")}`),
  },
  external: ["/draw-*.js", "/record-*.js"],
});

const names = new Map(["js/boot.js", "js/theme.js", "style/main.css"].map((entry) => [entry, nameOf(site, entry)]));
names.set("module.wasm", fileNames(site).find((name) => name.endsWith(".wasm")));
// Trunk leaves the link of a program whose scripts it should not write.
let written = page.replace(/\n *<link data-trunk[^>]*>/g, "");
for (const [from, to] of names) {
  written = written.replaceAll(`"/${from}"`, `"/${to}"`);
}
await writeFile(join(staging, "index.html"), written);
await copyFile(join(source, "favicon.svg"), join(staging, "favicon.svg"));
for (const { glue, wasm } of Object.values(programs)) {
  await rm(glue);
  await rm(wasm);
}

function fileNames({ metafile }) {
  return Object.keys(metafile.outputs).map((path) => path.split("/").at(-1));
}

// The hashed name of what became of an entry: `js/boot.js` → `app-XXXX.js`.
function nameOf({ metafile }, entry) {
  const [path] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry);
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
