/**
 * `npm test`: prepares a fresh clone, then runs every suite and sums them up in one line, `N passed, N failed`.
 * Suites that need an Asterisk or Docker are skipped, with their number and the reason, where none can be had; with CI=true
 * that fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryOf, build, installPackages } from './prepare.mjs';

/**
 * End-to-end tests that measure, or pack this folder: each has the machine for itself. All others run two at a time, since they
 * mostly wait.
 */
const ALONE = [
  'bench',
  'bit-exact',
  'calls/call-rate',
  'debian-package',
  'faults/',
  'leaving',
  'many-calls',
  'package',
  'portal/busy-page',
  'receiver-link',
  'stalled-receiver',
].map((name) => `test/e2e/${name}`);

const folder = mkdtempSync(join(tmpdir(), 'ari-audio-stream-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };

installPackages();
check('lint and format', [binaryOf('@biomejs/biome', 'biome'), 'ci', '.']);
check('types of the core, which knows no Node', [binaryOf('typescript', 'tsc'), '-p', 'src/core/tsconfig.json']);
check('types', [binaryOf('typescript', 'tsc'), '-p', 'tsconfig.json']);
check('types of the page', [binaryOf('typescript', 'tsc'), '-p', 'web/tsconfig.json']);
check('licences of what is shipped', ['scripts/licences.mjs']);
build();
suite('unit', ['--selectProjects', 'unit']);

const noAsterisk = whyNot('dist/lab/provision.js', 'the provisioning of an Asterisk');
if (noAsterisk === undefined) {
  const sideBySide = ['--maxWorkers=2', ...ALONE.flatMap((path) => ['--testPathIgnorePatterns', path])];
  suite('end to end, side by side', ['--selectProjects', 'e2e', ...sideBySide]);
  suite('end to end, one at a time', [...ALONE, '--selectProjects', 'e2e', '--runInBand']);
} else {
  // No test has a name that matches nothing: jest counts them all, and runs none.
  suite('end to end', ['--selectProjects', 'e2e', '--testNamePattern', 'a^']);
  console.log(`The end-to-end tests were skipped: ${noAsterisk}`);
  if (process.env.CI) total.failed += 1;
}

const noDocker = whyNot('dist/lab/docker/provision.js', "the start of Docker's engine");
if (noDocker === undefined) {
  suite('compose', ['--selectProjects', 'compose', '--runInBand']);
} else {
  suite('compose', ['--selectProjects', 'compose', '--testNamePattern', 'a^']);
  console.log(`The compose tests were skipped: ${noDocker}`);
  if (process.env.CI) total.failed += 1;
}

rmSync(folder, { recursive: true, force: true });
const { passed, failed, skipped } = total;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);

/** A check counts as one test. */
function check(name, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  console.log(`${status === 0 ? 'PASS' : 'FAIL'} ${name}`);
  if (status === 0) {
    total.passed += 1;
    return;
  }
  console.log(stdout + stderr);
  total.failed += 1;
}

/** Runs jest and adds up its tests; a test file that could not be run at all counts as one that failed. */
function suite(name, args) {
  const results = join(folder, `${name}.json`);
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', binaryOf('jest', 'jest')];
  const options = ['--json', `--outputFile=${results}`, '--forceExit'];
  const { status } = spawnSync(process.execPath, [...jest, ...args, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const counts = countsIn(results);
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  for (const key of Object.keys(total)) total[key] += counts[key];
}

function countsIn(file) {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Gets what a suite needs, Asterisk or Docker, if it is not there; says why where that can't be. */
function whyNot(provision, name) {
  const { status, stdout } = spawnSync(process.execPath, [provision], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? undefined : stdout.trim() || `${name} failed`;
}
