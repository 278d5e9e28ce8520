/** What other users of the machine can see of the program: its arguments, its files, its debugger, what it prints. No Asterisk. */
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { until } from '../../lab/until.js';
import { makeAuthority, selfSigned } from '../certificates.js';
import { AddOn } from './add-on.js';

jest.setTimeout(60_000);

const PASSWORD = 'hush-hush-0815';
const SECRET = 'hush-hush-0816';

let folder: string;
let addOn: AddOn;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrecy-'));
});
afterEach(async () => {
  await addOn.stop();
  await rm(folder, { recursive: true });
  expect(addOn.output).not.toContain('hush-hush');
  expect(addOn.output).not.toContain('PRIVATE KEY');
});

/** Starts it where nothing answers. `asterisk.password` is for the test to give. */
async function start(more: readonly string[], streaming: object = {}, through: readonly string[] = []): Promise<AddOn> {
  const file = join(folder, 'settings.json');
  const settings = {
    asterisk: { url: 'http://127.0.0.1:9' },
    media: { listen: '127.0.0.1:0' },
    monitoring: { listen: 'off' },
    web: { listen: '127.0.0.1:0' },
    log: { format: 'json', level: 'debug' },
    stateDir: join(folder, 'state'),
    streaming: { serverAddress: 'wss://127.0.0.1:9/', subscriptions: { extensions: ['*'] }, ...streaming },
  };
  await writeFile(file, JSON.stringify(settings));
  return AddOn.run(['start', '--config', file, ...more], {}, through);
}

test('secrets that are given as flags are not in the list of processes, and the log warns of it', async () => {
  addOn = await start(['--asterisk-password', PASSWORD, '--streaming-secret-value', SECRET]);
  const { level, flags } = await addOn.says('a secret that was given as a flag');
  expect([level, flags]).toEqual(['warn', ['--asterisk-password', '--streaming-secret-value']]);
  const shown = await readFile(`/proc/${addOn.pid}/cmdline`, 'utf8');
  expect(shown.replaceAll('\0', '')).toBe('ari-audio-stream start');
});

test('the receiver hides its secret, too', async () => {
  addOn = AddOn.run([
    'receive',
    '--listen',
    '127.0.0.1:0',
    '--out',
    join(folder, 'out'),
    '--secret',
    `X-Key=${SECRET}`,
  ]);
  const cmdline = async () => (await readFile(`/proc/${addOn.pid}/cmdline`, 'utf8')).replaceAll('\0', '');
  await until('its arguments are hidden', async () => (await cmdline()) === 'ari-audio-stream receive');
});

test('without a secret among them its arguments stay as they are', async () => {
  await writeFile(join(folder, 'password'), PASSWORD, { mode: 0o600 });
  addOn = await start(['--asterisk-password-file', join(folder, 'password')]);
  await addOn.reports('ARI_REFUSED');
  expect(await readFile(`/proc/${addOn.pid}/cmdline`, 'utf8')).toContain('--config');
  expect(addOn.lines.filter(({ message }) => message.includes('given as a flag'))).toEqual([]);
});

test('no secret, password or key is in the log at its most talkative, nor in what is said of a faulty reload', async () => {
  const { key, cert } = makeAuthority().issue('the add-on');
  await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
  await writeFile(join(folder, 'cert.pem'), cert);
  const streaming = { secret: { value: SECRET }, cert: 'cert.pem', key: 'key.pem', insecure: true };
  addOn = await start(['--asterisk-password', PASSWORD], streaming);
  await addOn.says('started with these settings');
  await addOn.says('streaming.insecure is true');
  await addOn.reports('ARI_REFUSED');
  await writeFile(join(folder, 'key.pem'), key.replace('PRIVATE', 'ENCRYPTED PRIVATE'));
  addOn.signal('SIGHUP');
  await addOn.reports('SETTINGS_INVALID');
  await addOn.says('whose key has a passphrase');
});

test('SIGUSR1, a slip of the hand from SIGUSR2, opens no debugger', async () => {
  addOn = await start(['--asterisk-password', PASSWORD]);
  await addOn.reports('ARI_REFUSED');
  addOn.signal('SIGUSR1');
  await addOn.says('SIGUSR1 means nothing here');
  addOn.signal('SIGUSR2');
  await addOn.says('the settings were read again');
  expect(addOn.text).not.toContain('Debugger');
});

test('files of state that others could read are closed to them at the start, and the log says so', async () => {
  const state = join(folder, 'state');
  await mkdir(state);
  await writeFile(join(state, 'settings.json'), JSON.stringify({ format: 1, versions: [] }));
  await chmod(join(state, 'settings.json'), 0o666);
  await chmod(state, 0o777);
  addOn = await start(['--asterisk-password', PASSWORD]);
  expect(await addOn.says('other users could read or change these files until now')).toMatchObject({
    level: 'warn',
    files: [join(state, 'settings.json')],
  });
  expect(await addOn.says('other users can change what is in stateDir')).toMatchObject({ stateDir: state });
  expect((await stat(join(state, 'settings.json'))).mode & 0o777).toBe(0o600);
});

test('under a umask that forbids nothing, its own folder and files are for its user only', async () => {
  addOn = await start(['--asterisk-password', PASSWORD], {}, ['sh', '-c', 'umask 0; exec "$@"', 'sh']);
  const { address, setupCode } = await addOn.page();
  const body = JSON.stringify({ code: setupCode, name: 'admin', password: 'correct horse battery' });
  const headers = { 'content-type': 'application/json', origin: new URL(address).origin };
  const answer = await fetch(new URL('api/v1/setup', address), { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
  const modeOf = async (name: string) => (await stat(join(folder, 'state', name))).mode & 0o777;
  await until('the first account is written', async () => (await modeOf('access.json').catch(() => 0)) === 0o600);
  await until('the audit trail is written', async () => (await modeOf('audit.jsonl').catch(() => 0)) === 0o600);
  expect(await modeOf('.')).toBe(0o700);
});

test('a variable that makes Node.js take any certificate is of no use to whoever can set it', async () => {
  const server = createServer(selfSigned('127.0.0.1'));
  let upgrades = 0;
  server.on('upgrade', () => {
    upgrades += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const serverAddress = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const file = join(folder, 'settings.json');
  const asterisk = { url: 'http://127.0.0.1:9', password: PASSWORD };
  const settings = { asterisk, streaming: { serverAddress, secret: { value: SECRET } }, stateDir: folder };
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  addOn = AddOn.run(['check', '--config', file], { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect(await addOn.exited).toBe(2);
  server.close();
  expect(addOn.text).toContain('The certificate of the receiver is not trusted');
  expect(upgrades).toBe(0);
});
