import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { setAside, writeJsonFile, writePrivateJsonFile } from './json-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'json-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the file holds the value, and nothing else is left in the folder', async () => {
  const path = join(folder, 'calls.json');
  await writeJsonFile(path, [1]);
  await writeJsonFile(path, { callid: '17.1' });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ callid: '17.1' });
  expect(await readdir(folder)).toEqual(['calls.json']);
});

test('a value that can not be written leaves the old content', async () => {
  const path = join(folder, 'calls.json');
  await writeJsonFile(path, 'old');
  await expect(writeJsonFile(path, 1n)).rejects.toThrow('BigInt');
  expect(JSON.parse(await readFile(path, 'utf8'))).toBe('old');
});

test('a private file that can not be put in its place leaves nothing of it behind', async () => {
  const path = join(folder, 'access.json');
  await mkdir(join(path, 'in the way'), { recursive: true });
  await expect(writePrivateJsonFile(path, 'new')).rejects.toThrow(/EISDIR|ENOTEMPTY/);
  expect(await readdir(folder)).toEqual(['access.json']);
});

test('a file of an earlier run is renamed after its time', async () => {
  const path = join(folder, 'calls.json');
  expect(await setAside(path)).toBeUndefined();
  await writeFile(path, '[]');
  await utimes(path, 0, 1_795_334_400);
  expect(await setAside(path)).toBe(join(folder, 'calls-until-2026-11-22T08-00-00.000Z.json'));
  expect(await readdir(folder)).toEqual(['calls-until-2026-11-22T08-00-00.000Z.json']);
});
