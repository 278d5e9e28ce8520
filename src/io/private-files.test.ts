/** Files of the folder for state that others may read when the program starts, as after a restored backup. */
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { AccessFile } from './access/access-file.js';
import { AuditTrail } from './access/audit-trail.js';
import { keepPrivate, STATE_FILES } from './private-files.js';
import { writeSavedSettings } from './settings/saved-settings.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('wider rights are taken away, and told', async () => {
  for (const name of STATE_FILES) writeFileSync(join(folder, name), name);
  for (const name of STATE_FILES) chmodSync(join(folder, name), 0o644);
  const paths = STATE_FILES.map((name) => join(folder, name));
  expect(await keepPrivate(folder)).toEqual({ mended: paths, open: [], isFolderOpen: false });
  expect(paths.map(modeOf)).toEqual(paths.map(() => 0o600));
  expect(readFileSync(join(folder, 'access.json'), 'utf8')).toBe('access.json');
  expect(await keepPrivate(folder)).toEqual({ mended: [], open: [], isFolderOpen: false });
});

test('what is behind a link is left alone: it may be another one’s file', async () => {
  const foreign = join(folder, 'passwd');
  writeFileSync(foreign, 'x', { mode: 0o644 });
  chmodSync(foreign, 0o644);
  symlinkSync(foreign, join(folder, 'access.json'));
  linkSync(foreign, join(folder, 'settings.json'));
  mkdirSync(join(folder, 'audit.jsonl'));
  expect(await keepPrivate(folder)).toMatchObject({ mended: [] });
  expect(modeOf(foreign)).toBe(0o644);
});

test('a folder that others can write to is told, and not changed; one that is not there is none', async () => {
  chmodSync(folder, 0o770);
  expect((await keepPrivate(folder)).isFolderOpen).toBe(true);
  expect(modeOf(folder)).toBe(0o770);
  chmodSync(folder, 0o1777);
  expect((await keepPrivate(folder)).isFolderOpen).toBe(false);
  expect(await keepPrivate(join(folder, 'nosuch'))).toEqual({ mended: [], open: [], isFolderOpen: false });
});

test('with a umask that forbids nothing, what is made is for its owner only: files 0600, folders 0700', async () => {
  const before = process.umask(0);
  const state = join(folder, 'a', 'state');
  try {
    await writeSavedSettings(state, []);
    await new AccessFile(join(state, 'access.json')).write({ users: [], tokens: [] });
    const trail = new AuditTrail({
      path: join(state, 'audit.jsonl'),
      onFailure: (error) => expect(error).toBeUndefined(),
    });
    trail.add({ at: '', by: '', from: '', action: '', detail: '' });
    await trail.close();
  } finally {
    process.umask(before);
  }
  const files = ['settings.json', 'access.json', 'audit.jsonl'].map((name) => join(state, name));
  expect(files.map(modeOf)).toEqual([0o600, 0o600, 0o600]);
  expect([join(folder, 'a'), state].map(modeOf)).toEqual([0o700, 0o700]);
});
