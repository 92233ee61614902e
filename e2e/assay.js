// Starts the program that the Rust tests have built: to the end, or as a server on a free port.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = process.env.ASSAY_BIN ?? fileURLToPath(new URL('../target/debug/assay', import.meta.url));

// Nothing of the developer's own settings: no keys, so that the market is the synthetic one.
function environment(home) {
  const own = Object.entries(process.env).filter(([name]) => !/^(ASSAY|AWS)_/.test(name));
  return { ...Object.fromEntries(own), ASSAY_HOME: home };
}

function start(home, args) {
  const child = spawn(program, args, { cwd: home, env: environment(home), stdio: ['ignore', 'pipe', 'pipe'] });
  const state = { child, said: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => { state.said += text; });
  }
  return state;
}

/** Runs a command to its end; anything but exit code 0 is an error. */
export async function assay(home, ...args) {
  const state = start(home, args);
  const code = await new Promise((resolve, reject) => state.child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`assay ${args.join(' ')} ended with ${code}:\n${state.said}`);
  return state.said;
}

/** Serves a lake on a free port until `stop` is called. */
export async function serve(home) {
  const state = start(home, ['serve', '--addr', '127.0.0.1:0']);
  const url = await new Promise((resolve, reject) => {
    const look = () => {
      const found = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(state.said);
      if (found) resolve(found[0]);
    };
    state.child.stdout.on('data', look);
    state.child.stderr.on('data', look);
    state.child.on('error', reject);
    state.child.on('close', (code) => reject(new Error(`assay serve ended with ${code}:\n${state.said}`)));
  });
  const stop = () => new Promise((resolve) => {
    state.child.removeAllListeners('close');
    if (state.child.exitCode !== null) return resolve();
    state.child.on('close', resolve);
    state.child.kill('SIGKILL');
  });
  return { url, stop };
}
