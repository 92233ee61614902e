// The page's weight and speed in the system's Chromium, against `assay serve` on the lake of ASSAY_HOME. Prints one JSON
// object; `make bench` calls it.
//
//   ASSAY_BIN=target/release/assay ASSAY_HOME=… node bench/page.mjs [--only bytes,lighthouse,interaction,what_if,panning]
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { everything, firstView } from "./page/bytes.mjs";
import { slowestPress } from "./page/interaction.mjs";
import { lighthouse } from "./page/lighthouse.mjs";
import { panning } from "./page/panning.mjs";
import { whatIf } from "./page/what_if.mjs";

// The browser tests' library; both are installed by scripts/bootstrap.
const { chromium } = await import(new URL("../e2e/node_modules/playwright/index.mjs", import.meta.url));
const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chrome = process.env.CHROME_PATH ?? process.env.CHROMIUM ?? installed.find(existsSync);
const program = process.env.ASSAY_BIN ?? fileURLToPath(new URL("../target/release/assay", import.meta.url));

const jobs = {
  bytes: async ({ browser, url }) => ({ ...(await firstView(browser, url)), everything: await everything(url) }),
  lighthouse: ({ url }) => lighthouse(`${url}/`, chrome),
  interaction: async ({ browser, url }) => ({ slowest_press_ms: await slowestPress(browser, url) }),
  what_if: ({ browser, url }) => whatIf(browser, url),
  panning: ({ browser, url }) => panning(browser, url),
};

const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1].split(",") : Object.keys(jobs);
const server = spawn(program, ["serve", "--addr", "127.0.0.1:0", "--no-schedule"], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const url = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said);
      if (found) resolve(found[0]);
    });
    server.on("error", reject);
    server.on("close", (code) => reject(new Error(`assay serve ended with ${code}`)));
  });
  const browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox", "--disable-gpu"] });
  const results = {};
  for (const name of only) {
    results[name] = await jobs[name]({ browser, url });
  }
  await browser.close();
  console.log(JSON.stringify(results, null, 1));
} finally {
  server.removeAllListeners("close");
  server.kill("SIGKILL");
}
