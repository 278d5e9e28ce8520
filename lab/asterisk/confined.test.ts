import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { until } from '../until.js';
import { runConfined } from './confined.js';

test('a confined program ends with its signal', async () => {
  const confined = runConfined(
    ['sh', '-c', "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"],
    'none',
    'pipe',
  );
  if (confined.process.stdout) await once(confined.process.stdout, 'data');
  confined.terminate();
  expect(await confined.exited).toEqual({ code: 7, signal: null });
});

test('a program and its children are killed when our end of the pipe closes, as it does when we die', async () => {
  const confined = runConfined(['sh', '-c', 'sleep 1000 & echo $!; wait'], 'none', 'pipe');
  const child = Number(await firstLine(confined.process.stdout));
  expect(isAlive(child)).toBe(true);

  confined.kill();
  confined.kill();
  expect(await confined.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await until(`its child ${child} is gone`, () => !isAlive(child));
});

test('a program that is not there is an end like others, not a crash', async () => {
  const confined = runConfined(['no-such-program'], 'none', 'pipe');
  expect((await confined.exited).code).toBe(127);
});

async function firstLine(stream: Readable | null): Promise<string> {
  if (stream === null) throw new Error('The program has no output');
  const [line] = (await once(createInterface({ input: stream }), 'line')) as [string];
  return line;
}

/** A zombie is dead: its parent has just not looked yet. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
