import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Log } from '../core/log.js';
import { StateFolder } from './state-folder.js';

const FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

let said: string[];
let path: string;
let folder: StateFolder;
beforeEach(() => {
  said = [];
  path = mkdtempSync(join(tmpdir(), 'state-folder-'));
  const at = (level: string) => (message: string) => void said.push(`${level}: ${message}`);
  const log: Log = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: () => {},
    isDebugEnabled: () => false,
  };
  folder = new StateFolder(path, log);
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

test('a full disk is said once, however often it is tried, and once that it is over', async () => {
  const full = () => Promise.reject(FULL);
  for (let n = 0; n < 3; n++) await expect(folder.saving('accounts', full)).rejects.toBe(FULL);
  folder.failed('audit trail', FULL);
  // A small file still fits.
  folder.worked('settings');
  folder.worked('audit trail');
  folder.failed('audit trail', FULL);
  expect(said).toEqual([
    expect.stringMatching(/^error: Nothing can be saved in the folder for state: .*: the disk is full\./),
  ]);
  folder.worked('audit trail');
  await folder.saving('accounts', async () => undefined);
  expect(said.slice(1)).toEqual(['info: what is saved is kept again']);
});

test('a folder that cannot be made is said before anybody saves', async () => {
  await folder.look();
  expect(said).toEqual([]);
  writeFileSync(join(path, 'file'), '');
  const other = new StateFolder(join(path, 'file', 'state'), logTo(said));
  await other.look();
  expect(said).toEqual([expect.stringContaining('a part of the path is no folder')]);
  mkdirSync(join(path, 'state'));
  other.worked('settings');
  expect(said).toHaveLength(2);
});

function logTo(lines: string[]): Log {
  const add = (message: string): void => void lines.push(message);
  return { error: add, warn: add, info: add, debug: () => {}, isDebugEnabled: () => false };
}
