// Lighthouse as on a middling phone: its four marks, and the page's paint and stability.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("../node_modules/lighthouse/cli/index.js", import.meta.url));

// One measurement varies by several marks (Lighthouse's documentation, "Score variability"): the middle one of five is told.
const RUNS = 5;

/** Marks of 100, LCP in milliseconds, CLS, and what cost a mark: of the run whose performance is the middle one, beside all of them. */
export async function lighthouse(url, chrome) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await once(url, chrome));
  runs.sort((one, other) => one.marks.performance - other.marks.performance);
  return { ...runs[(RUNS - 1) / 2], performances: runs.map(({ marks }) => marks.performance) };
}

async function once(url, chrome) {
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"].join(" ");
  const args = [program, url, "--quiet", "--output=json", "--output-path=stdout", `--chrome-flags=${flags}`];
  const run = promisify(execFile)(process.execPath, args, {
    env: { ...process.env, CHROME_PATH: chrome },
    maxBuffer: 64 * 1024 * 1024,
  });
  const { categories, audits } = JSON.parse((await run).stdout);
  const marks = Object.fromEntries(
    Object.entries(categories).map(([name, { score }]) => [name, Math.round(100 * score)]),
  );
  const lost = Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9),
  );
  return {
    marks,
    lcp_ms: Math.round(audits["largest-contentful-paint"].numericValue),
    cls: Number(audits["cumulative-layout-shift"].numericValue.toFixed(3)),
    tbt_ms: Math.round(audits["total-blocking-time"].numericValue),
    lost: lost.map(({ id }) => id),
  };
}
