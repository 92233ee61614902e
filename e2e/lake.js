// One lake of the synthetic market for all tests, made once before them and removed after.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assay } from './assay.js';

export default async function makeLake() {
  const home = await mkdtemp(join(tmpdir(), 'assay-e2e-'));
  process.env.E2E_LAKE = home;
  // The last run is the one that the pages show.
  await assay(home, 'run', '--grid', 'deployed', '--preset', 'classic');
  await assay(home, 'run', '--grid', 'deployed');
  return () => rm(home, { recursive: true, force: true });
}
