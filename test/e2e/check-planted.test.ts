/** Each fault that is planted in Asterisk, the settings or the receiver is found, and the very line to change is named. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { freeTcpPort, freeUdpPort } from '../../lab/asterisk/free-ports.js';
import { FOLDERS } from '../../lab/asterisk/instance-files.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { makeAuthority } from '../certificates.js';
import type { SettingsPart } from './add-on.js';
import { type CheckOutcome, faultsIn, linesOf, plant, runCheck } from './check-run.js';
import { ForeignClient } from './foreign-client.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;

jest.setTimeout(TEST_LIMIT_MS);

let lab: Lab;
let receiver: ListeningReceiver;
/** What puts everything right again after a test. */
const undoing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  lab = await startLab();
  receiver = await new ListeningReceiver({ sampleRate: 8000, secret: { name: 'x-api-key', value: 'right' } }).start();
  await mkdir(join(lab.folder, 'state'));
}, START_LIMIT_MS);
afterEach(async () => {
  for (const undo of undoing.splice(0).reverse()) await undo();
  await nothingLeft(lab);
});
afterAll(async () => {
  await receiver?.stop();
  await lab?.stop();
});

const SECRET = { secret: { name: 'X-Api-Key', value: 'right' } };

/** The check with the right secret, but for the changes. */
async function checked(changes: SettingsPart = {}, mode?: number): Promise<CheckOutcome> {
  const { streaming, ...others } = changes as { streaming?: SettingsPart };
  const all = { ...others, streaming: { ...SECRET, ...streaming } };
  return runCheck(lab, receiver.address, all, mode === undefined ? {} : { mode });
}

async function unload(module: string): Promise<void> {
  await lab.pbx.cli(`module unload ${module}`);
  undoing.push(() => lab.pbx.cli(`module load ${module}`));
}

interface Planted {
  readonly fault: string;
  /** Makes the fault; returns the settings that belong to it. */
  readonly make: () => Promise<SettingsPart>;
  readonly id: string;
  readonly level?: 'warning';
  /** `where: text` of the line to change. */
  readonly line: () => string;
}

let port = 0;
const conf = async (...[file, section, key, value]: ['ari.conf' | 'http.conf', string, string, string]) => {
  undoing.push(await plant(lab, file, section, key, value));
  return {};
};

const PLANTED: readonly Planted[] = [
  {
    fault: 'http.conf has the web server switched off',
    make: () => conf('http.conf', 'general', 'enabled', 'no'),
    id: 'asterisk.reach',
    line: () => 'http.conf, [general]: enabled = yes',
  },
  {
    fault: 'asterisk.url has a wrong port',
    make: async () => {
      port = await freeTcpPort();
      return { asterisk: { url: `http://127.0.0.1:${port}` } };
    },
    id: 'asterisk.reach',
    line: () => `http.conf, [general]: bindport = ${port}`,
  },
  {
    fault: 'asterisk.url says https to a port that speaks http',
    make: async () => ({ asterisk: { url: lab.pbx.ari.url.replace('http:', 'https:') } }),
    id: 'asterisk.reach',
    line: () => `settings: "asterisk": {"url": "${lab.pbx.ari.url}"}`,
  },
  {
    fault: 'the host in asterisk.url does not exist',
    make: async () => ({ asterisk: { url: 'http://pbx.invalid:8088' } }),
    id: 'asterisk.reach',
    line: () => 'settings: "asterisk": {"url": "http://127.0.0.1:8088"}',
  },
  {
    fault: 'http.conf has a prefix that asterisk.url lacks',
    make: () => conf('http.conf', 'general', 'prefix', 'asterisk'),
    id: 'asterisk.reach',
    line: () => `settings: "asterisk": {"url": "${lab.pbx.ari.url}/asterisk"}`,
  },
  {
    fault: 'ARI is switched off',
    make: () => conf('ari.conf', 'general', 'enabled', 'no'),
    id: 'asterisk.reach',
    line: () => 'ari.conf, [general]: enabled = yes',
  },
  {
    fault: 'the password is wrong',
    make: async () => ({ asterisk: { password: 'not-the-password' } }),
    id: 'asterisk.login',
    line: () => `ari.conf, [${lab.pbx.ari.username}]: password = (what asterisk.password says)`,
  },
  {
    fault: 'ari.conf has no such user',
    make: async () => ({ asterisk: { username: 'somebody' } }),
    id: 'asterisk.login',
    line: () => 'ari.conf, [somebody]: type = user',
  },
  {
    fault: 'the user is read_only',
    make: () => conf('ari.conf', 'ari-audio-stream', 'read_only', 'yes'),
    id: 'asterisk.login',
    line: () => 'ari.conf, [ari-audio-stream]: read_only = no',
  },
  {
    fault: 'channelvars lacks the linkedid',
    make: () => conf('ari.conf', 'general', 'channelvars', 'FROM_DID'),
    id: 'asterisk.channelvars',
    level: 'warning',
    line: () => 'ari.conf, [general]: channelvars = FROM_DID,CHANNEL(linkedid)',
  },
  {
    fault: 'chan_rtp is not loaded',
    make: async () => {
      await unload('chan_rtp.so');
      return {};
    },
    id: 'asterisk.modules',
    line: () => 'shell: asterisk -rx "module load chan_rtp.so"',
  },
  {
    fault: 'no codec for media.format opus is loaded',
    make: async () => {
      await unload('codec_opus_open_source.so');
      return { media: { format: 'opus' } };
    },
    id: 'asterisk.codec',
    line: () => 'settings: "media": {"format": "auto"}',
  },
  {
    fault: 'media.advertise is a port where nobody listens',
    make: async () => {
      port = await freeUdpPort();
      return { media: { listen: `127.0.0.1:${port}`, advertise: `127.0.0.1:${await freeUdpPort()}` } };
    },
    id: 'audio.path',
    line: () => `settings: "media": {"advertise": "127.0.0.1:${port}"}`,
  },
  {
    fault: 'media.listen is no address of this machine',
    make: async () => ({ media: { listen: '192.0.2.1:40000' } }),
    id: 'audio.socket',
    line: () => 'settings: "media": {"listen": "0.0.0.0:40000"}',
  },
  {
    fault: 'another program has one of the ports after that of media.listen',
    make: async () => {
      const other = createSocket('udp4').bind(0, '127.0.0.1');
      await once(other, 'listening');
      undoing.push(async () => other.close());
      return { media: { listen: `127.0.0.1:${other.address().port - 1}`, workers: 2 } };
    },
    id: 'audio.socket',
    line: () => 'settings: "media": {"workers": 1}',
  },
  {
    fault: 'another program is connected under our name',
    make: async () => {
      const foreign = await ForeignClient.connect(lab, 'ari-audio-stream');
      undoing.push(() => foreign.close());
      return {};
    },
    id: 'asterisk.application',
    level: 'warning',
    line: () => 'settings: "asterisk": {"app": "ari-audio-stream-2"}',
  },
  {
    fault: 'stateDir cannot be made',
    make: async () => {
      await writeFile(join(lab.folder, 'a-file'), '');
      return { stateDir: join(lab.folder, 'a-file', 'state') };
    },
    id: 'machine.stateDir',
    line: () => 'settings: "stateDir": "/var/lib/ari-audio-stream"',
  },
  {
    fault: 'the receiver wants another secret',
    make: async () => ({ streaming: { secret: { name: 'X-Api-Key', value: 'wrong' } } }),
    id: 'receiver.secret',
    line: () => 'settings: "streaming": {"secret": {"value": "(the secret that the receiver wants)"}}',
  },
  {
    fault: 'nobody listens at the address of the receiver',
    make: async () => ({ streaming: { serverAddress: `ws://127.0.0.1:${await freeTcpPort()}/` } }),
    id: 'receiver.reach',
    line: () => 'settings: "streaming": {"serverAddress": "wss://HOST:PORT/PATH"}',
  },
  {
    fault: 'the authority of the receiver is not known',
    make: async () => {
      const tls = makeAuthority().issue('localhost');
      const untrusted = await new ListeningReceiver({ sampleRate: 8000, tls }).start();
      undoing.push(() => untrusted.stop());
      return { streaming: { serverAddress: untrusted.address } };
    },
    id: 'receiver.reach',
    line: () => 'settings: "streaming": {"ca": "/path/to/authority.pem"}',
  },
  {
    fault: 'a setting is not valid, and everything else is looked at all the same',
    make: async () => ({ streaming: { sampleRate: 11_025 } }),
    id: 'settings.valid',
    line: () =>
      expect.stringContaining('streaming.sampleRate: allowed: 8000, 16000, 24000 or 48000 (Hz)') as unknown as string,
  },
];

test.each(PLANTED)('planted: $fault', async ({ make, id, level = 'error', line }) => {
  const outcome = await checked(await make());
  expect(faultsIn(outcome)[0]).toMatchObject({ id, level });
  expect(linesOf(outcome, id)).toContainEqual(line());
  expect(outcome.exitCode).toBe(level === 'error' ? 2 : 1);
});

test('planted: the settings file, with a password in it, can be read by everybody', async () => {
  const outcome = await checked({}, 0o644);
  expect(faultsIn(outcome).map(({ id, level }) => `${id} ${level}`)).toEqual(['machine.files warning']);
  expect(linesOf(outcome, 'machine.files')[0]).toMatch(/^shell: chmod o= .*check-\d+\.json$/);
  expect(outcome.exitCode).toBe(1);
});

test('planted: modules.conf lacks res_stasis_snoop.so', async () => {
  const file = join(lab.pbx.runDir, FOLDERS.etc, 'modules_ari-audio-stream.conf');
  const before = await readFile(file, 'utf8');
  const restarted = async (text: string): Promise<void> => {
    await writeFile(file, text);
    await lab.pbx.kill();
    await lab.restartPbx();
  };
  undoing.push(() => restarted(before));
  await restarted(before.replace(/^load = res_stasis_snoop\.so/m, 'noload = res_stasis_snoop.so'));
  const outcome = await checked();
  expect(faultsIn(outcome)[0]).toMatchObject({ id: 'asterisk.modules', level: 'error' });
  const line = 'modules.conf, [modules], instead of any "noload = res_stasis_snoop.so": load = res_stasis_snoop.so';
  expect(linesOf(outcome, 'asterisk.modules')).toContain(line);
});
