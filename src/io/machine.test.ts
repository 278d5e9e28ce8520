import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { descriptorLimit, modeOf, whyNoListener, whyNotWritable } from './machine.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'machine-test-'));
  writeFileSync(join(folder, 'file'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder that is there is written to, and nothing stays in it', async () => {
  mkdirSync(join(folder, 'state'));
  expect(await whyNotWritable(join(folder, 'state'))).toBeUndefined();
  expect(readdirSync(join(folder, 'state'))).toEqual([]);
});

test('one that is not there could be made, also together with folders above it, and is not', async () => {
  expect(await whyNotWritable(join(folder, 'a', 'b', 'c'))).toBeUndefined();
  expect(readdirSync(folder).includes('a')).toBe(false);
});

test('a file in the way', async () => {
  expect(await whyNotWritable(join(folder, 'file'))).toBe('a part of the path is no folder');
  expect(await whyNotWritable(join(folder, 'file', 'state'))).toBe('a part of the path is no folder');
});

test('the rights of a file', async () => {
  chmodSync(join(folder, 'file'), 0o640);
  expect(await modeOf(join(folder, 'file'))).toBe(0o640);
  expect(await modeOf(join(folder, 'nothing'))).toBeUndefined();
});

test('how many files and connections may be open', async () => {
  expect(await descriptorLimit()).toBeGreaterThan(100);
});

test('a port that is taken, one that is free, and an address that is not ours', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await whyNoListener('127.0.0.1', port)).toBe('EADDRINUSE');
  await new Promise((resolve) => server.close(resolve));
  expect(await whyNoListener('127.0.0.1', port)).toBeUndefined();
  expect(await whyNoListener('192.0.2.1', 0)).toBe('EADDRNOTAVAIL');
});
