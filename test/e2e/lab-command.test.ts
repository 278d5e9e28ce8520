/** `npm run lab` as a person runs it: to its own end, and broken off by Ctrl-C. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../lab/until.js';
import { parseWav } from '../../src/core/audio/wav.js';

const TEST_LIMIT_MS = 120_000;

let out: string;

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'ari-audio-stream-lab-command-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

interface LabCommand {
  readonly process: ChildProcess;
  readonly text: () => string;
  readonly exited: Promise<number | null>;
}

function lab(...args: string[]): LabCommand {
  const child = spawn(process.execPath, ['dist/lab/main.js', '--out', out, ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return { process: child, text: () => text, exited: new Promise((resolve) => child.once('exit', resolve)) };
}

/** Processes that belong to this run: they have its folder, or that of its lab, among their arguments. */
function processesOf(labFolder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(out) || command.includes(labFolder));
}

function labFoldersOf(pid: number | undefined): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`ari-audio-stream-lab-${pid}-`));
}

test(
  'places calls, checks every party, writes WAVs and ends by itself',
  async () => {
    const run = lab('--seconds', '5', '--calls', '2', '--voices', 'tones');
    const code = await run.exited;
    expect({ code, text: run.text() }).toMatchObject({ code: 0, text: expect.stringContaining('4 of 4 participants') });

    const calls = JSON.parse(readFileSync(join(out, 'calls.json'), 'utf8')) as { participants: { wav: string }[] }[];
    const wavs = calls.flatMap(({ participants }) =>
      participants.map(({ wav }) => parseWav(readFileSync(join(out, wav)))),
    );
    expect(wavs).toHaveLength(4);
    for (const wav of wavs) expect(wav).toMatchObject({ sampleRate: 16000, samples: { length: expect.any(Number) } });
    expect(labFoldersOf(run.process.pid)).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s in mid-call ends the calls in order and leaves nothing',
  async (signal) => {
    const run = lab('--voices', 'tones');
    await until('the streams have begun', () => run.text().split('begin ').length === 3, TEST_LIMIT_MS / 2);
    const [folder = 'none'] = labFoldersOf(run.process.pid);
    expect(processesOf(folder).length).toBeGreaterThan(2);
    run.process.kill(signal);
    await run.exited;
    expect(run.text()).toContain('participants arrived whole');
    expect(labFoldersOf(run.process.pid)).toEqual([]);
    expect(processesOf(folder)).toEqual([]);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(folder);
  },
  TEST_LIMIT_MS,
);

test('says what is wrong with its arguments', async () => {
  const run = lab('--calls', 'many');
  expect(await run.exited).not.toBe(0);
  expect(run.text()).toContain('A whole number from 1 to 40 is wanted.');
});
