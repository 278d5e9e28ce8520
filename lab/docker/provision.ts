/** Gets Docker's engine for the compose tests ready, and says on stdout in one sentence why, and exits 1, where there can be none. */
import { LabUnavailable } from '../unavailable.js';
import { dockerEngine } from './engine.js';

try {
  const engine = await dockerEngine((line) => void process.stderr.write(`${line}\n`));
  await engine.stop();
} catch (error) {
  if (!(error instanceof LabUnavailable)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
