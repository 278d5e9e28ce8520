import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AccountsData } from '../../core/access/accounts.js';
import { AccessFile } from './access-file.js';

const AT = '2026-11-22T12:00:00.000Z';
const RIGHTS = { role: 'admin', mayListen: true } as const;
const DATA: AccountsData = {
  users: [{ ...RIGHTS, name: 'ann', passwordHash: '$scrypt$x', createdAt: AT, lastSeenAt: null }],
  tokens: [
    {
      ...RIGHTS,
      id: '1',
      name: 'CRM',
      mayReadSecrets: false,
      hash: 'a'.repeat(64),
      createdAt: AT,
      createdBy: 'ann',
      lastUsedAt: AT,
    },
  ],
};

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-file-'));
  path = join(folder, 'state', 'access.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('nothing is there at first', async () => {
  expect(await new AccessFile(path).read()).toBeUndefined();
});

test('what was written is read, and only its owner may', async () => {
  await new AccessFile(path).write(DATA);
  expect(await new AccessFile(path).read()).toEqual(DATA);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700);
});

test('a file that others could read is private after the next change', async () => {
  const file = new AccessFile(path);
  await file.write(DATA);
  await chmod(path, 0o644);
  await file.write(DATA);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('of changes at the same time the last one stays', async () => {
  const file = new AccessFile(path);
  const named = (name: string): AccountsData => ({ users: DATA.users.map((user) => ({ ...user, name })), tokens: [] });
  await Promise.all(Array.from({ length: 20 }, (_, n) => file.write(named(`u${n}`))));
  expect((await file.read())?.users.map(({ name }) => name)).toEqual(['u19']);
  expect(await readdir(join(folder, 'state'))).toEqual(['access.json']);
});

test('a change that cannot be written is told, and the next one works', async () => {
  const file = new AccessFile(path);
  await writeFile(join(folder, 'state'), 'a file where the folder should be');
  await expect(file.write(DATA)).rejects.toThrow(/EEXIST|ENOTDIR/);
  await rm(join(folder, 'state'));
  await file.write(DATA);
  expect(await file.read()).toEqual(DATA);
});

describe('a file that cannot be understood is an error, and stays as it is', () => {
  const sound = { version: 1, ...DATA };
  test.each([
    ['', 'it is not JSON'],
    ['{"version": 1, "users": [{"passwordHash": "$scrypt$', 'it is not JSON'],
    ['null', 'its content'],
    ['[]', 'its content'],
    ['{}', 'version'],
    [JSON.stringify({ ...sound, version: 2 }), 'it has version 2, and this program knows version 1 only'],
    [JSON.stringify({ ...sound, users: undefined }), 'users'],
    [JSON.stringify({ ...sound, users: [{ ...DATA.users[0], role: 'root' }] }), 'users.0.role'],
    [JSON.stringify({ ...sound, users: [{ ...DATA.users[0], passwordHash: 'hunter2' }] }), 'users.0.passwordHash'],
    [JSON.stringify({ ...sound, tokens: [{ ...DATA.tokens[0], hash: 'short' }] }), 'tokens.0.hash'],
  ])('%s', async (text, wrong) => {
    path = join(folder, 'access.json');
    await writeFile(path, text);
    const reading = new AccessFile(path).read();
    await expect(reading).rejects.toMatchObject({ code: 'ACCESS_FILE_UNUSABLE', blame: 'machine' });
    await expect(reading).rejects.toThrow(`${path}: ${wrong}`);
    await expect(reading).rejects.not.toThrow('hunter2');
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('a folder in its place', async () => {
    await expect(new AccessFile(folder).read()).rejects.toMatchObject({ code: 'ACCESS_FILE_UNUSABLE' });
  });
});
