/**
 * `npm pack` and `npm publish`: compiles anew, leaves nothing in dist/src that has no source any more, and lays the lockfile
 * into the package, so that who installs it gets the very versions of its dependencies that were tested.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, installPackages } from './prepare.mjs';

installPackages();
build();
const sources = new Set(readdirSync('src', { recursive: true, encoding: 'utf8' }).map(stemOf));
for (const name of readdirSync('dist/src', { recursive: true, encoding: 'utf8' })) {
  if (/\.(js|js\.map|d\.ts)$/.test(name) && !sources.has(stemOf(name))) rmSync(join('dist/src', name));
}
writeFileSync('npm-shrinkwrap.json', JSON.stringify(productionLockfile(), undefined, 1));

/** `app/start.ts`, `app/start.js` and `app/start.d.ts` all have the stem `app/start`. */
function stemOf(name) {
  return name.replace(/(\.d)?\.ts$|\.js(\.map)?$/, '');
}

/** The lockfile without what only development needs. */
function productionLockfile() {
  const { packages, ...head } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const { devDependencies, ...root } = packages[''];
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  return { ...head, packages: { '': root, ...Object.fromEntries(production) } };
}
