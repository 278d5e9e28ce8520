import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Log } from '../core/log.js';
import { FolderLock, LOCK_SOCKET } from './folder-lock.js';

let folder: string;
let warnings: string[];
const log: Log = {
  error: () => undefined,
  warn: (message) => void warnings.push(message),
  info: () => undefined,
  debug: () => undefined,
  isDebugEnabled: () => false,
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-lock-'));
  warnings = [];
});
afterEach(async () => rm(folder, { recursive: true }));

const take = (pid = 4711, where = folder) => FolderLock.take({ folder: where, setting: 'stateDir', pid, log });

test('a second one is refused, and told whose the folder is; it is free again after the close', async () => {
  const first = await take();
  await expect(take(2)).rejects.toMatchObject({
    code: 'STATE_DIR_TAKEN',
    blame: 'settings',
    message: expect.stringMatching(
      /stateDir \/\S+ is that of a running ari-audio-stream, pid 4711 on \S+; stop it, or/,
    ),
  });
  expect((await stat(join(folder, LOCK_SOCKET))).mode & 0o777).toBe(0o600);
  await first.close();
  await first.close();
  await (await take(2)).close();
  await expect(stat(join(folder, LOCK_SOCKET))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(warnings).toEqual([]);
});

/** A holder as a process of its own, for it is to be killed and stopped. */
async function foreignHolder(path: string) {
  const program = `require('node:net').createServer((s) => s.end('pid 1 on moon')).listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const exited = once(holder, 'exit');
  return {
    signal: (name: NodeJS.Signals) => holder.kill(name),
    kill: async () => {
      holder.kill('SIGKILL');
      await exited;
    },
  };
}

test('what a killed holder has left is taken over', async () => {
  const holder = await foreignHolder(join(folder, LOCK_SOCKET));
  await expect(take()).rejects.toThrow('pid 1 on moon');
  await holder.kill();
  expect((await stat(join(folder, LOCK_SOCKET))).isSocket()).toBe(true);
  await (await take()).close();
});

test('a stopped holder holds it, although it says nothing', async () => {
  const holder = await foreignHolder(join(folder, LOCK_SOCKET));
  holder.signal('SIGSTOP');
  await expect(take()).rejects.toThrow('which does not answer');
  await holder.kill();
});

test('of many that come at once, one gets it', async () => {
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => take()));
  const held = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(held).toHaveLength(1);
  for (const lock of held) await lock.close();
});

test('the folder is made if it is not there; where none can be, the log says so and the program goes on', async () => {
  await (await take(1, join(folder, 'a', 'b'))).close();
  await writeFile(join(folder, 'file'), '');
  await (await take(1, join(folder, 'file', 'b'))).close();
  expect(warnings).toEqual(['a second program that uses the same folder for state would not be noticed']);
  // A path that no Unix socket can have: more than 107 octets.
  await (await take(1, join(folder, 'x'.repeat(120)))).close();
  expect(warnings).toHaveLength(2);
});
