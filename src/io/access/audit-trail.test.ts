import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type AuditLine, AuditTrail } from './audit-trail.js';

let folder: string;
let path: string;
let failures: unknown[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-trail-'));
  path = join(folder, 'audit.jsonl');
  failures = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function line(n: number, detail = ''): AuditLine {
  return { at: new Date(n).toISOString(), by: 'admin', from: '192.0.2.1', action: `did ${n}`, detail };
}

function trail(maxOctets?: number): AuditTrail {
  return new AuditTrail({ path, onFailure: (error) => failures.push(error), ...(maxOctets && { maxOctets }) });
}

test('nothing has happened yet', async () => {
  expect(await trail().newest(10)).toEqual([]);
});

test('the newest come first, over a restart', async () => {
  const first = trail();
  first.add(line(1));
  first.add(line(2));
  await first.close();
  const second = trail();
  second.add(line(3));
  expect(await second.newest(10)).toEqual([line(3), line(2), line(1)]);
  expect(await second.newest(2)).toEqual([line(3), line(2)]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
});

test('lines that are longer than a piece, and letters of several octets, come back whole', async () => {
  const long = trail();
  const lines = Array.from({ length: 400 }, (_, n) => line(n, `${'ü€😀'.repeat((n * 7) % 300)}${n}`));
  for (const one of lines) long.add(one);
  const back = await long.newest(1000);
  expect(back).toHaveLength(400);
  expect(back).toEqual(lines.reverse().map((one) => ({ ...one, detail: one.detail.slice(0, 2000) })));
});

test('a line that fills many pieces, as somebody else may have written it, is read', async () => {
  await writeFile(path, `${JSON.stringify(line(1))}\n${JSON.stringify(line(2, 'x'.repeat(300_000)))}\n`);
  await appendFile(path, `${JSON.stringify(line(3))}\n`);
  const found = await trail().newest(10);
  expect(found.map(({ action }) => action)).toEqual(['did 3', 'did 2', 'did 1']);
});

test('what is no entry is left out', async () => {
  await writeFile(path, `${JSON.stringify(line(1))}\n{"at":"cut by a full di\nnull\n[]\n"x"\n{"at":1}\n\n`);
  const mixed = trail();
  mixed.add(line(2));
  expect(await mixed.newest(10)).toEqual([line(2), line(1)]);
});

test('three files at most, each about as large as was said; the oldest lines go', async () => {
  const small = trail(1_000);
  for (let n = 0; n < 200; n++) {
    small.add(line(n));
    await small.close();
  }
  expect((await readdir(folder)).sort()).toEqual(['audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2']);
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).size).toBeLessThan(1_200);
  const back = await small.newest(1000);
  expect(back.length).toBeGreaterThan(20);
  expect(back.length).toBeLessThan(40);
  expect(back.map(({ action }) => action)).toEqual(back.map((_, index) => `did ${199 - index}`));
});

test('nothing can be put into another line', async () => {
  const forged = trail();
  forged.add(line(1, 'x\n{"at":"2026","by":"eve","from":"","action":"","detail":""}\n'));
  expect(await forged.newest(10)).toHaveLength(1);
});

test('what could not be written is shown, waits in its order, and is written later', async () => {
  await writeFile(join(folder, 'file'), '');
  path = join(folder, 'file', 'audit.jsonl');
  const waiting = trail();
  waiting.add(line(1));
  await waiting.close();
  waiting.add(line(2));
  await waiting.close();
  expect(failures).toHaveLength(2);
  await rm(join(folder, 'file'));
  expect(await waiting.newest(10)).toEqual([line(2), line(1)]);
  await waiting.flush();
  expect(await trail().newest(10)).toEqual([line(2), line(1)]);
  expect(await waiting.newest(10)).toEqual([line(2), line(1)]);
});

test('a disk that cannot be written is told', async () => {
  await writeFile(join(folder, 'file'), '');
  path = join(folder, 'file', 'audit.jsonl');
  const broken = trail();
  broken.add(line(1));
  await broken.close();
  expect(failures).toHaveLength(1);
});
