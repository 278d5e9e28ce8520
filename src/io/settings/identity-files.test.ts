/** A certificate with its key, as settings name them: for the receiver (streaming), and for the page (web). */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAuthority } from '../../../test/certificates.js';
import { inspectSettings } from './inspect-settings.js';
import { loadSettings } from './load-settings.js';

const authority = makeAuthority();
const [one, other] = [authority.issue('one'), authority.issue('other')];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-files-'));
  const files = {
    'cert.pem': `${one.cert}${authority.ca}`,
    'key.pem': one.key,
    'other.pem': other.key,
    'locked.pem': createPrivateKey(one.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
      .toString(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

function sources(group: 'streaming' | 'web', settings: object) {
  const file = join(folder, 'settings.json');
  const base = { asterisk: { password: 'pw' }, streaming: { enable: false } };
  writeFileSync(
    file,
    JSON.stringify({ ...base, [group]: { ...(group === 'streaming' && base.streaming), ...settings } }),
  );
  return { file, environment: {}, flags: new Map() };
}

describe.each(['streaming', 'web'] as const)('%s.cert and its key', (group) => {
  test('are read, with the certificates of the authority behind', () => {
    const loaded = loadSettings(sources(group, { cert: 'cert.pem', key: 'key.pem' }));
    expect(loaded).toMatchObject({ settings: { [group]: { cert: `${one.cert}${authority.ca}`, key: one.key } } });
  });

  test.each([
    [{ cert: 'cert.pem' }, 'key', 'is missing'],
    [{ key: 'key.pem' }, 'cert', 'is missing'],
    [{ cert: 'cert.pem', key: 'other.pem' }, 'key', `is not the key of ${group}.cert`],
    [{ cert: 'cert.pem', key: 'locked.pem' }, 'key', 'has a passphrase'],
    [{ cert: 'cert.pem', key: 'cert.pem' }, 'key', 'without a PEM private key'],
    [{ cert: 'key.pem', key: 'key.pem' }, 'cert', 'without a PEM certificate'],
    [{ cert: 'none.pem', key: 'key.pem' }, 'cert', 'no such file'],
  ])('%j: %s %s', (settings, key, wrong) => {
    const loaded = loadSettings(sources(group, settings));
    expect(loaded).toMatchObject({ problems: [{ key: `${group}.${key}`, wrong: expect.stringContaining(wrong) }] });
    expect(JSON.stringify(loaded)).not.toContain('BEGIN');
  });

  test('the file of the key is among those that nobody else should read', () => {
    const { secretFiles } = inspectSettings(sources(group, { cert: 'cert.pem', key: 'key.pem' }));
    expect(secretFiles).toContainEqual({ path: join(folder, 'key.pem'), holds: [`${group}.key`] });
  });
});
