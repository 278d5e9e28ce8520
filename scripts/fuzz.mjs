/**
 * `npm run fuzz`: the property tests of test/fuzz with many cases each, and how many there were for each parser. What fails
 * is shown with its smallest case; the same seed, which is printed, finds it again. Exit code: that of the tests.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { binaryOf } from './prepare.mjs';

const DEFAULT_RUNS = 100_000;
const HELP = `Usage: npm run fuzz -- [options] [name …]

Tries millions of cases on every parser of outside bytes: test/fuzz. Names, such as rtp, are those of its files; default: all.

  --runs <n>   cases of a test with the share 1; slow tests have fewer, quick ones more (default: ${DEFAULT_RUNS})
  --seed <n>   the same cases as in the run that printed this seed (default: a random one)
  --help       this text
`;

const { values, positionals } = readArguments();
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const runs = wholeNumber('runs', values.runs ?? String(DEFAULT_RUNS), 1);
const seed = wholeNumber('seed', values.seed ?? String(randomInt(2 ** 31)), -(2 ** 31));
const paths = positionals.map((name) => `test/fuzz/${name}.test.ts`);
for (const path of paths) if (!existsSync(path)) refuse(`there is no ${path}`);

console.log(`seed ${seed}, ${runs.toLocaleString('en')} runs`);
const folder = mkdtempSync(join(tmpdir(), 'ari-audio-stream-fuzz-'));
const report = join(folder, 'report');
const results = join(folder, 'results.json');
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', binaryOf('jest', 'jest')];
const options = ['--selectProjects', 'unit', '--json', `--outputFile=${results}`, '--silent'];
const begun = performance.now();
const { status } = spawnSync(
  process.execPath,
  [...jest, ...(paths.length === 0 ? ['test/fuzz/'] : paths), ...options],
  {
    env: { ...process.env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed), FUZZ_REPORT: report },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const seconds = Math.round((performance.now() - begun) / 1000);
tell();
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);

function tell() {
  const cases = new Map(
    linesOf(report).map(({ testPath, currentTestName, numRuns }) => [`${testPath} ${currentTestName}`, numRuns]),
  );
  const [{ testResults }] = existsSync(results) ? linesOf(results) : [{ testResults: [] }];
  const told = testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults.map(({ fullName, status: outcome, duration }) => {
      const parser = basename(path, '.test.ts');
      return { parser, fullName, isGood: outcome === 'passed', duration, count: cases.get(`${path} ${fullName}`) };
    }),
  );
  for (const { parser, fullName, isGood, duration, count = 0 } of told) {
    // A test of one case of its own.
    if (isGood && count === 0) continue;
    const number = count.toLocaleString('en').padStart(12);
    console.log(`${isGood ? 'PASS' : 'FAIL'} ${parser.padEnd(15)}${number} in ${inSeconds(duration)}  ${fullName}`);
  }
  const total = told.reduce((sum, { isGood, count = 0 }) => sum + (isGood ? count : 0), 0);
  const failed = told.filter(({ isGood }) => !isGood).length;
  console.log(`${total.toLocaleString('en')} cases in ${seconds} s, ${failed} of the tests failed; seed ${seed}`);
}

function linesOf(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}

function inSeconds(ms) {
  return `${((ms ?? 0) / 1000).toFixed(1)} s`.padStart(9);
}

function readArguments() {
  const known = { runs: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } };
  try {
    return parseArgs({ options: known, allowPositionals: true });
  } catch (error) {
    return refuse(error.message);
  }
}

function wholeNumber(name, text, least) {
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= least ? number : refuse(`--${name} wants a whole number`);
}

function refuse(why) {
  console.error(`${why}\n\n${HELP}`);
  process.exit(2);
}
