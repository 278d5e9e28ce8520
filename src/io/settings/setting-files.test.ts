/** What settings read from files: the settings file itself, secrets, certificates. */
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readCertificateFile, readKeyFile, readSecretFile } from './file-content.js';
import { loadSettings } from './load-settings.js';
import { readSettingsFile } from './settings-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'setting-files-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('the settings file', () => {
  test.each([
    ['{"asterisk": {"password": hunter2}}', 'names a file that is not JSON from line 1, column 27 on'],
    ['{\n  "asterisk": {\n}', 'names a file that is not JSON from line 3, column 2 on'],
    ['', 'names a file that is not JSON from line 1, column 1 on'],
    ['[]', 'names a file that holds a list, not an object of settings'],
    ['null', 'names a file that holds null, not an object of settings'],
  ])('%j', (content, wrong) => {
    const path = written('settings.json', content);
    expect(readSettingsFile(path).problems).toMatchObject([{ key: '--config', wrong: `${wrong}: ${path}` }]);
  });

  test('may begin with a byte order mark', () => {
    expect(readSettingsFile(written('settings.json', '\uFEFF{"stateDir": "/a"}')).layer.get('stateDir')).toBe('/a');
  });

  test('that is not there is the only problem told', () => {
    const loaded = loadSettings({ file: join(folder, 'nosuch'), environment: {}, flags: new Map() });
    expect(loaded).toMatchObject({ problems: [{ wrong: expect.stringContaining('(no such file)') }] });
  });

  test('has paths that start at its folder', () => {
    expect(readSettingsFile(written('settings.json', '{"stateDir": "state"}')).layer.get('stateDir')).toBe(
      join(folder, 'state'),
    );
  });
});

describe('a secret in a file', () => {
  test.each([
    ['pw', 'pw'],
    ['pw\n', 'pw'],
    ['pw\r\n', 'pw'],
    ['pw\n\n', 'pw\n'],
    [' pw ', ' pw '],
  ])('%j is %j', (content, text) => {
    expect(readSecretFile(written('secret', content))).toEqual({ text });
  });

  const load = (settings: object) =>
    loadSettings({ file: written('settings.json', JSON.stringify(settings)), environment: {}, flags: new Map() });

  test('becomes the value of its setting', () => {
    written('password', 'hunter2\n');
    const loaded = load({ asterisk: { passwordFile: 'password' }, streaming: { enable: false } });
    expect(loaded).toMatchObject({ settings: { asterisk: { password: 'hunter2' } } });
  });

  test.each([
    [{ passwordFile: 'nosuch' }, 'cannot be read (no such file)'],
    [{ passwordFile: 'folder' }, 'cannot be read (it is a folder)'],
    [{ passwordFile: 'empty' }, 'a file that is empty'],
    [{ passwordFile: 'two-lines' }, 'holds a control character'],
    [{ passwordFile: 'password', password: 'x' }, 'asterisk.password too'],
  ])('%j: %s', (asterisk, wrong) => {
    mkdirSync(join(folder, 'folder'), { recursive: true });
    written('empty', '\n');
    written('password', 'hunter2\n');
    written('two-lines', 'hunter2\nhunter2\n');
    const loaded = load({ asterisk, streaming: { enable: false } });
    expect(loaded).toMatchObject({
      problems: [{ key: 'asterisk.passwordFile', wrong: expect.stringContaining(wrong) }],
    });
    expect(JSON.stringify(loaded)).not.toContain('hunter2');
  });
});

describe('certificates', () => {
  test.each([
    ['no PEM', 'without a PEM certificate'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'with a damaged certificate'],
    ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'without a PEM certificate'],
  ])('%j', (content, wrong) => {
    expect(readCertificateFile(written('ca.pem', content))).toMatchObject({ wrong: expect.stringContaining(wrong) });
  });

  test('that may not be read are said to be so', () => {
    const path = written('ca.pem', 'x');
    chmodSync(path, 0);
    // Root may read everything.
    const reason = process.getuid?.() === 0 ? 'without a PEM' : 'may not read';
    expect(readCertificateFile(path)).toMatchObject({ wrong: expect.stringContaining(reason) });
  });
});

describe('a key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = { type: 'pkcs8', format: 'pem' } as const;

  test('without a passphrase is taken', () => {
    const text = privateKey.export(pem).toString();
    expect(readKeyFile(written('key.pem', text))).toEqual({ text });
  });

  test.each([
    ['no PEM', 'without a PEM private key'],
    [publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'without a PEM private key'],
    [privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'x' }).toString(), 'whose key has a passphrase'],
  ])('%.30j', (content, wrong) => {
    expect(readKeyFile(written('key.pem', content))).toMatchObject({ wrong: expect.stringContaining(wrong) });
  });

  test('and its certificate go together', () => {
    const key = written('key.pem', privateKey.export(pem).toString());
    const flags = new Map([['web.key' as const, key]]);
    const loaded = loadSettings({ file: undefined, environment: { ARI_AUDIO_STREAM_ASTERISK_PASSWORD: 'x' }, flags });
    expect(loaded).toMatchObject({ problems: [{ key: 'web.cert', wrong: 'is missing, and web.key is given' }] });
  });
});
