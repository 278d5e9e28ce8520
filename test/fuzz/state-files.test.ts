/** Whatever is in the files of the folder for state: they are read, or refused in words that quote nothing of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StreamError } from '../../src/core/errors.js';
import { describeProblems } from '../../src/core/settings/problem.js';
import { SAVED_KEYS } from '../../src/core/settings/saved-values.js';
import { AccessFile } from '../../src/io/access/access-file.js';
import { AuditTrail } from '../../src/io/access/audit-trail.js';
import { loadSettings } from '../../src/io/settings/load-settings.js';
import { spoilt } from './any-json.js';
import { runs } from './runs.js';

const folder = mkdtempSync(join(tmpdir(), 'ari-audio-stream-fuzz-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MARK = 'h1dd3n-w0rd';
const TIME = '2026-11-22T12:00:00.000Z';
const SAVED = {
  format: 1,
  versions: [
    { revision: 1, savedAt: TIME, savedBy: 'anna', changed: ['streaming.secret.value'], values: {} },
    {
      revision: 2,
      savedAt: TIME,
      savedBy: 'anna',
      changed: ['streaming.sampleRate'],
      values: {
        'streaming.secret.value': MARK,
        'streaming.sampleRate': 16_000,
        'streaming.serverAddress': 'wss://a/',
        'streaming.subscriptions.extensions': ['1001'],
      },
    },
  ],
};
const USER = { name: 'anna', role: 'admin', mayListen: true, createdAt: TIME, lastSeenAt: null };
const TOKEN = { id: '1', name: 'x', role: 'reader', mayListen: false, mayReadSecrets: false, hash: '0'.repeat(64) };
const ACCESS = {
  version: 1,
  users: [{ ...USER, passwordHash: `$scrypt$ln=4,r=8,p=1$${MARK}$${MARK}` }],
  tokens: [{ ...TOKEN, createdAt: TIME, createdBy: 'anna', lastUsedAt: null }],
};

/** Spoilt, or cut, or with some octets in the place of others. */
function spoiltFile(good: object, keys: readonly string[]): fc.Arbitrary<string | Buffer> {
  const json = spoilt(good, keys).map((value) => JSON.stringify(value) ?? '');
  const cut = fc.tuple(json, fc.nat(600)).map(([text, length]) => text.slice(0, length));
  const bent = fc.tuple(json, fc.nat(600), fc.uint8Array({ minLength: 1, maxLength: 3 })).map(([text, at, octets]) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([bytes.subarray(0, at), octets, bytes.subarray(at + octets.length)]);
  });
  const random = fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets));
  return fc.oneof(
    { weight: 5, arbitrary: json },
    cut,
    bent.filter((bytes) => bytes.length > 0),
    random,
  );
}

test('settings.json', () => {
  const stateDir = join(folder, 'saved');
  mkdirSync(stateDir);
  const environment = { ARI_AUDIO_STREAM_ASTERISK_PASSWORD: 'p' };
  fc.assert(
    fc.property(spoiltFile(SAVED, [...SAVED_KEYS, 'format', 'versions', 'revision', 'values']), (content) => {
      writeFileSync(join(stateDir, 'settings.json'), content);
      const loaded = loadSettings({ file: undefined, environment, flags: new Map(), stateDir });
      if ('problems' in loaded) expect(describeProblems(loaded.problems)).not.toContain(MARK);
      else expect(loaded.settings.asterisk.password).toBe('p');
    }),
    runs(0.3),
  );
});

test('access.json: what cannot be understood is never taken for nobody', async () => {
  const path = join(folder, 'access.json');
  await fc.assert(
    fc.asyncProperty(spoiltFile(ACCESS, ['version', 'users', 'tokens', 'name', 'role', 'hash']), async (content) => {
      writeFileSync(path, content);
      const read = await new AccessFile(path).read().catch((error: unknown) => error);
      if (!(read instanceof StreamError)) expect(read).toMatchObject({ users: expect.any(Array) });
      else expect([read.code, read.message]).toEqual(['ACCESS_FILE_UNUSABLE', expect.not.stringContaining(MARK)]);
    }),
    runs(1),
  );
});

test('audit.jsonl: lines that are none are left out', async () => {
  const path = join(folder, 'audit.jsonl');
  const good = { at: TIME, by: 'anna', from: '::1', action: 'x', detail: 'y' };
  const line = spoiltFile(good, ['at', 'by', 'from', 'action', 'detail']);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
      writeFileSync(path, Buffer.concat(lines.flatMap((one) => [Buffer.from(one), Buffer.from('\n')])));
      const trail = new AuditTrail({ path, onFailure: (error) => expect(error).toBeUndefined() });
      for (const { detail } of await trail.newest(100)) expect(typeof detail).toBe('string');
    }),
    runs(0.5),
  );
});
