/** Checks that everything shipped beside this program is under a licence that allows it: `npm run licences`. */
import { readFileSync } from 'node:fs';

/** Each asks for no more than that its text is passed on, which the packages do themselves: it lies in their folders. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
const refused = shipped.filter(([, { license }]) => !isAllowed(license));
for (const [path, { version, license }] of refused) {
  console.log(`${path.replace(/^.*node_modules\//, '')} ${version}: ${license ?? 'no licence is named'}`);
}
if (refused.length > 0) {
  console.log(
    'Read the licence. Where it is harmless add it to ALLOWED in scripts/licences.mjs, else take another package.',
  );
  process.exit(1);
}
console.log(`${shipped.length} packages, all under a licence of the list`);

/** An expression of SPDX: of `A OR B` one must be allowed, of `A AND B` both. */
function isAllowed(license) {
  if (typeof license !== 'string') return false;
  const bare = license.replace(/^\((.*)\)$/, '$1');
  if (bare.includes('(')) return false;
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((part) => ALLOWED.has(part.trim())));
}
