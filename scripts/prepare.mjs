/** What a fresh clone lacks: the packages of the lockfile and the compiled program. Plain JavaScript, since it comes before both. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';

/** Installs the lockfile's packages unless that was done since it last changed. */
export function installPackages() {
  // Left by an `npm pack` that was killed; npm would take it for the lockfile.
  rmSync('npm-shrinkwrap.json', { force: true });
  const installed = 'node_modules/.package-lock.json';
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs) return;
  console.log('Installing packages …');
  runOrExit('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Compiles the program and the lab into dist/, and bundles the page into dist/web. */
export function build() {
  runOrExit(process.execPath, [binaryOf('typescript', 'tsc'), '-p', 'tsconfig.build.json']);
  runOrExit(process.execPath, ['scripts/build-web.mjs']);
}

/** The path of a package's command, so that it runs without npx and on any platform. */
export function binaryOf(packageName, command) {
  const { bin } = JSON.parse(readFileSync(`node_modules/${packageName}/package.json`, 'utf8'));
  return `node_modules/${packageName}/${typeof bin === 'string' ? bin : bin[command]}`;
}

function runOrExit(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}
