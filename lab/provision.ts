/** Gets the lab's Asterisk ready, and says on stdout in one sentence why, and exits 1, where none can be had. */
import { provisionAsterisk } from './asterisk/provision.js';
import { LabUnavailable } from './unavailable.js';

try {
  await provisionAsterisk((line) => void process.stderr.write(`${line}\n`));
} catch (error) {
  if (!(error instanceof LabUnavailable)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
