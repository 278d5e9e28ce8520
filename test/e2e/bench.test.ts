/**
 * A short smoke of the benchmarks: each runs and finds something that can be read. What it finds is not looked at: on a
 * machine that runs tests no figure means anything.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { projectRoot } from '../../lab/project-root.js';
import { until } from '../../lab/until.js';

const TEST_LIMIT_MS = 120_000;
const INTERRUPTED = 130;
/** Sender, what is measured, and receiver. */
const PROCESSES = 3;
const SHORT = ['--seconds', '1', '--warm-up', '0', '--rounds', '1'];

let folder: string;
const runs: Run[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ari-audio-stream-bench-test-'));
});
afterAll(async () => {
  // A test that failed may have left one.
  for (const { child } of runs) child.kill('SIGTERM');
  await Promise.all(runs.map(({ exited }) => exited));
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output: string;
}

function start(args: readonly string[]): Run {
  const child = spawn(process.execPath, [join(projectRoot(), 'dist', 'bench', 'main.js'), ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const run: Run = { child, exited, output: '' };
  runs.push(run);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      run.output += text;
    });
  }
  return run;
}

/** The results of some benchmarks, in the shape that the test expects. */
async function resultsOf(name: string, args: readonly string[]) {
  const out = join(folder, name);
  const run = start(['--only', name, '--out', out, ...SHORT, ...args]);
  const code = await run.exited;
  expect({ name, code, output: code === 0 ? '' : run.output }).toEqual({ name, code: 0, output: '' });
  expect(run.output).toContain('Target');
  expect(await readFile(join(out, 'chart.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  const results = JSON.parse(await readFile(join(out, 'results.json'), 'utf8'));
  expect(results).toMatchObject({ failures: [], machine: { node: process.version }, targets: expect.any(Array) });
  expect(JSON.stringify(results)).not.toContain(projectRoot());
  return results;
}

/** The processes that this one has started and that still are. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

const spread = { count: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) };

test(
  'each benchmark runs and its results are well formed',
  async () => {
    // Side by side: each waits most of its time.
    const [media, kernels, system, setUp, control] = await Promise.all([
      resultsOf('media', ['--paths', '8-16,8-8-wss', '--participants', '6', '--profile']),
      resultsOf('kernels', []),
      resultsOf('system', ['--calls', '2']),
      resultsOf('set-up', ['--rate', '2', '--warm-up', '1']),
      resultsOf('control', ['--new-calls', '4']),
    ]);

    const found = { participants: 6, top: expect.any(Array) };
    expect(media.media).toMatchObject([
      { path: '8-16', ...found },
      { path: '8-8-wss', ...found, tls: { ratio: expect.any(Object), cipher: expect.stringMatching(/^TLSv1/) } },
    ]);
    const [plain, overTls] = media.media;
    expect([plain.tls, overTls.pairs[0].plain.cipher]).toEqual([undefined, undefined]);
    for (const { product, floor } of [...plain.pairs, ...overTls.pairs]) {
      for (const run of [product, floor]) {
        expect(run.packets.sent).toBeGreaterThan(6);
        expect(run.arrivals.fragments).toBeGreaterThan(0);
        // Whatever the load: nobody else sends, and no message comes before its packets.
        expect([run.figures.strangers, run.arrivals.impossible, run.connections]).toEqual([0, 0, 3]);
      }
      expect(product.messageOctets).toBeCloseTo(floor.messageOctets, 5);
    }
    expect((await readdir(join(folder, 'media'))).filter((name) => name.endsWith('.cpuprofile'))).toHaveLength(2);

    expect(kernels.kernels.length).toBeGreaterThan(4);
    for (const { candidates } of kernels.kernels) expect(candidates[0]).toMatchObject({ ratio: { median: 1 } });

    expect(system.machine.asterisk).toMatch(/^\d+\./);
    expect(system.system).toEqual([expect.objectContaining({ calls: 2, rounds: [expect.any(Object)] })]);
    expect(system.system[0]).toMatchObject({ tapped: { addOn: expect.any(Number) } });
    expect(system.system[0].tapped.messages).toBeGreaterThan(0);

    expect(setUp.setUp.map(({ ringMs }: { ringMs: number }) => ringMs)).toEqual([0, 1000]);
    for (const one of setUp.setUp) {
      expect(one).toMatchObject({ participants: 4, missingMs: spread, requestsPerTap: { snoop: expect.any(Number) } });
      expect(one.warmUp.participants).toBe(4);
      // Whoever spoke in the warm-up is counted there, and nowhere else.
      for (const { heard } of [one, one.warmUp]) {
        expect(heard).toBeGreaterThan(0);
        expect(heard).toBeLessThanOrEqual(4);
      }
    }

    expect(control.control.phases).toHaveLength(5);
    for (const { delayMs } of control.control.phases) expect(delayMs.count).toBeGreaterThan(0);
  },
  TEST_LIMIT_MS,
);

test(
  'Ctrl-C ends a benchmark early, and nothing of it stays',
  async () => {
    const run = start([
      '--only',
      'media',
      '--paths',
      '8-8',
      '--participants',
      '4',
      '--seconds',
      '600',
      '--out',
      folder,
    ]);
    await until('it has begun', () => run.output.includes('round 1'));
    const children = await until('its processes run', async () => {
      const present = await childrenOf(run.child);
      return present.length === PROCESSES && present;
    });
    run.child.kill('SIGINT');
    expect(await run.exited).toBe(INTERRUPTED);
    expect(run.output).toContain('Ending');
    await until('no process is left', () => children.every((pid) => !existsSync(`/proc/${pid}`)));
  },
  TEST_LIMIT_MS,
);

test('a value that is wrong is refused with words', async () => {
  const run = start(['--participants', '1']);
  expect(await run.exited).toBe(1);
  expect(run.output).toContain('A whole number from 2 to 5000 is wanted');
});
