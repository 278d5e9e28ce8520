import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseWav } from '../core/audio/wav.js';
import { WavFile } from './wav-file.js';

let folder: string;
let failures: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wav-file-'));
  failures = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const wavAt = (path: string): WavFile => new WavFile(path, 8000, (error) => failures.push(error));
const pcm = (...samples: number[]): Uint8Array => new Uint8Array(Int16Array.from(samples).buffer);
const samplesIn = async (path: string): Promise<number[] | string> => {
  const wav = parseWav(await readFile(path));
  return typeof wav === 'string' ? wav : [...wav.samples];
};

test('what was appended stands in the file after each write, and the header says so', async () => {
  const path = join(folder, 'call', 'a.wav');
  const wav = wavAt(path);
  wav.append(pcm(1, -2));
  await wav.write();
  expect(await samplesIn(path)).toEqual([1, -2]);
  wav.append(pcm(3));
  wav.append(pcm(4));
  await wav.close();
  await wav.close();
  expect(await samplesIn(path)).toEqual([1, -2, 3, 4]);
  expect(wav.append(pcm(5))).toBe(false);
  expect(failures).toEqual([]);
});

test('it writes by itself, within a second or so', async () => {
  const path = join(folder, 'a.wav');
  const wav = wavAt(path);
  wav.append(pcm(1));
  const limit = Date.now() + 5000;
  while (wav.waitingBytes > 0 && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(wav.waitingBytes).toBe(0);
  await wav.close();
  expect(await samplesIn(path)).toEqual([1]);
});

test('a file without audio is a WAV all the same', async () => {
  const path = join(folder, 'a.wav');
  await wavAt(path).close();
  expect(await samplesIn(path)).toEqual([]);
});

test('a file that stands there already is left alone', async () => {
  const path = join(folder, 'a.wav');
  await writeFile(path, 'precious');
  const wav = wavAt(path);
  wav.append(pcm(1));
  await wav.close();
  expect(failures).toMatchObject([{ code: 'EEXIST' }]);
  expect(await readFile(path, 'utf8')).toBe('precious');
});

test('audio waits while the disk refuses it, and none is lost when it recovers', async () => {
  const blocked = join(folder, 'call');
  await writeFile(blocked, 'a file where a folder should be');
  const path = join(blocked, 'a.wav');
  const wav = wavAt(path);
  wav.append(pcm(1));
  await wav.write();
  await wav.write();
  expect(failures).toHaveLength(2);
  expect(wav.waitingBytes).toBe(2);

  await rm(blocked);
  wav.append(pcm(2));
  await wav.close();
  expect(await samplesIn(path)).toEqual([1, 2]);
});

test('what waits is bounded: beyond a mebibyte it is refused', async () => {
  const wav = wavAt(join(folder, 'a.wav'));
  const fragment = new Uint8Array(1280);
  let taken = 0;
  while (wav.append(fragment) && taken < 10_000) taken += 1;
  expect(taken).toBe(Math.floor((1 << 20) / 1280));
  await wav.write();
  expect(wav.append(fragment)).toBe(true);
  await wav.close();
});
