/** The add-on on another host than Asterisk: ARI over TLS, Opus over a line that delays and loses packets. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freeTcpPort } from '../../lab/asterisk/free-ports.js';
import { type DistantHost, makeDistantHost } from '../../lab/distant-host.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { type LabFolder, makeLabFolder } from '../../lab/lab-folder.js';
import { loadOpusDecoder } from '../../src/io/media/opus-decoder.js';
import { makeAuthority } from '../certificates.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectTonesApart, tonedCall } from './toned-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const RTP_PORT = 40_000;
const TONES = { caller: { number: '1001', hz: 439 }, callee: { number: '1002', hz: 1_063 } };

const authority = makeAuthority('the authority of this PBX');
let folder: LabFolder;
let host: DistantHost;
let ariPort: number;
let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn | undefined;

beforeAll(async () => {
  folder = await makeLabFolder();
  host = await makeDistantHost({ delayMs: 40, jitterMs: 50, losesOneOf: 100 });
  const { key, cert } = authority.issue(host.near);
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder.path, name), text);
    return join(folder.path, name);
  };
  ariPort = await freeTcpPort(host.near);
  const general = {
    tlsenable: 'yes',
    tlsbindaddr: `${host.near}:${ariPort}`,
    tlscertfile: await file('cert.pem', cert),
    tlsprivatekey: await file('key.pem', key),
  };
  await file('ca.pem', authority.ca);
  lab = await startLab({ pbxOverrides: { 'http.conf': { general } } });
  receiver = await new ListeningReceiver({ sampleRate: 16_000, host: host.near }).start();
}, START_LIMIT_MS);
afterEach(async () => {
  await addOn?.stop();
  addOn = undefined;
  receiver.heard.clear();
});
afterAll(async () => {
  await receiver?.stop();
  await lab?.stop();
  await host?.remove();
  folder?.remove();
}, TEST_LIMIT_MS);

async function start(media: SettingsPart): Promise<AddOn> {
  const asterisk = { url: `https://${host.near}:${ariPort}`, ca: join(folder.path, 'ca.pem') };
  return AddOn.start(lab, receiver, { asterisk, media }, host.enter);
}

/** Each party's tone comes through; what the line loses is lost, and what comes late is in its place. */
async function comesThrough(format: string, listen: string, payload: string): Promise<void> {
  addOn = await start({ format, listen: `${listen}:${RTP_PORT}`, advertise: host.far });
  expect((await addOn.says('connected to Asterisk')).url).toBe(`https://${host.near}:${ariPort}`);
  const lostBefore = host.toFar.lost;
  expectTonesApart(await tonedCall(lab, receiver, TONES), TONES, 16_000);

  const ends = addOn.lines.filter(({ message }) => message === 'participant ended');
  expect(ends.map(({ path }) => String(path).split('@')[0])).toEqual([payload, payload]);
  const figures = addOn.lines.filter(({ message }) => message === 'figures of the participant');
  const sum = (name: string): number => figures.reduce((all, line) => all + Number(line[name]), 0);
  expect(sum('lost')).toBeGreaterThan(0);
  // A pause of this machine makes some late beyond waiting: those are counted as lost, and as late.
  expect(sum('lost') - sum('late')).toBeLessThanOrEqual(host.toFar.lost - lostBefore);
  expect(sum('reordered')).toBeGreaterThan(0);
  expect(receiver.faults).toEqual([]);
}

const opus = await loadOpusDecoder().then(
  () => test,
  () => test.skip,
);

opus('Opus, heard at the address of the line', async () => comesThrough('opus', host.far, 'opus'), TEST_LIMIT_MS);

test('mu-law, heard at every address', async () => comesThrough('ulaw', '0.0.0.0', 'pcmu'), TEST_LIMIT_MS);
