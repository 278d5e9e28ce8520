/**
 * `npm run advisories`: whether a dependency that is shipped is at a version with a known security advisory, as the registry
 * knows it today (`npm audit`). Exit code: 0 none, 1 some, 2 the registry could not be asked.
 */
import { spawnSync } from 'node:child_process';

const LIMIT_MS = 60_000;

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: LIMIT_MS });
const report = parsed(stdout);
if (report?.vulnerabilities === undefined) {
  console.error(`The registry could not be asked for advisories: ${report?.message ?? (stderr.trim() || 'no answer')}`);
  process.exit(2);
}
const found = Object.values(report.vulnerabilities);
for (const { name, severity, range, via } of found) {
  const advisories = via.map((one) => (typeof one === 'string' ? `through ${one}` : `${one.title} ${one.url}`));
  console.log(`${name} ${range} (${severity}): ${advisories.join('; ')}`);
}
if (found.length === 0) console.log('No dependency that is shipped has a known advisory.');
process.exit(found.length === 0 ? 0 : 1);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
