/** ARI over https and wss, with a certificate of an authority that only the settings know. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freeTcpPort } from '../../lab/asterisk/free-ports.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { makeAuthority } from '../certificates.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { runCheck } from './check-run.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectTonesApart, tonedCall } from './toned-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const TONES = { caller: { number: '1001', hz: 440 }, callee: { number: '1002', hz: 1_000 } };

const authority = makeAuthority('the authority of this PBX');
const another = makeAuthority('another authority');
let folder: string;
let port: number;
let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asterisk-tls-'));
  const { key, cert } = authority.issue('127.0.0.1');
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  port = await freeTcpPort();
  const general = {
    tlsenable: 'yes',
    tlsbindaddr: `127.0.0.1:${port}`,
    tlscertfile: await file('cert.pem', cert),
    tlsprivatekey: await file('key.pem', key),
  };
  await file('ca.pem', authority.ca);
  await file('another.pem', another.ca);
  lab = await startLab({ pbxOverrides: { 'http.conf': { general } } });
  receiver = await new ListeningReceiver({ sampleRate: 8_000 }).start();
}, START_LIMIT_MS);
afterEach(async () => {
  await addOn.stop();
  expect(addOn.output).not.toContain(lab.pbx.ari.password);
});
afterAll(async () => {
  await receiver?.stop();
  await lab?.stop();
  await rm(folder, { recursive: true });
}, TEST_LIMIT_MS);

async function start(host: string, settings: SettingsPart): Promise<AddOn> {
  const asterisk = { url: `https://${host}:${port}`, ...settings };
  return AddOn.start(lab, receiver, { asterisk, streaming: { sampleRate: 8_000 } });
}

test(
  'with the authority in asterisk.ca, calls are streamed',
  async () => {
    addOn = await start('127.0.0.1', { ca: join(folder, 'ca.pem') });
    expect((await addOn.says('connected to Asterisk')).url).toBe(`https://127.0.0.1:${port}`);
    expectTonesApart(await tonedCall(lab, receiver, TONES), TONES, 8_000);
  },
  TEST_LIMIT_MS,
);

test.each([
  ['no authority is named', '127.0.0.1', undefined],
  ['another authority is named', '127.0.0.1', 'another.pem'],
  ['the certificate is made for another name', 'localhost', 'ca.pem'],
])('refused, in words: %s', async (_why, host, ca) => {
  addOn = await start(host, ca === undefined ? {} : { ca: join(folder, ca) });
  const { level, message } = await addOn.reports('ARI_TLS');
  expect(level).toBe('warn');
  expect(message).toContain('asterisk.ca');
  expect(addOn.lines.map((line) => line.message)).not.toContain('connected to Asterisk');
});

test(
  'any certificate is taken with asterisk.insecure, which is warned of at the start, after SIGHUP and by the check',
  async () => {
    addOn = await start('localhost', { insecure: true });
    await addOn.says('connected to Asterisk');
    const warnings = () => addOn.lines.filter(({ message }) => message.includes('asterisk.insecure is true')).length;
    expect(warnings()).toBe(1);
    addOn.signal('SIGHUP');
    await until('it has warned again', () => warnings() === 2);

    const asterisk = { url: `https://localhost:${port}`, insecure: true };
    const { findings, exitCode } = await runCheck(lab, receiver.address, { asterisk });
    const finding = findings.find(({ id }) => id === 'asterisk.certificate');
    expect([finding?.level, finding?.what]).toEqual(['warning', expect.stringContaining('asterisk.insecure is true')]);
    expect(exitCode).toBe(1);
  },
  TEST_LIMIT_MS,
);

test('https:// to the port that speaks http', async () => {
  addOn = await AddOn.start(lab, receiver, { asterisk: { url: lab.pbx.ari.url.replace('http:', 'https:') } });
  expect((await addOn.reports('ARI_TLS')).message).toContain('use http://');
});
