/** From another host: what the check, and a running add-on, say when the audio of Asterisk is kept from arriving. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { installMissing } from '../../lab/asterisk/apt.js';
import { freeTcpPort } from '../../lab/asterisk/free-ports.js';
import { run } from '../../lab/asterisk/run.js';
import { type DistantHost, makeDistantHost } from '../../lab/distant-host.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { NO_RTP_LIMIT_MS } from '../../src/core/call/tap-plan.js';
import { makeAuthority } from '../certificates.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { type CheckOutcome, faultsIn, linesOf, runCheck } from './check-run.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;

jest.setTimeout(TEST_LIMIT_MS);
const PORT = 40_000;
/** An address of RFC 5737 that is nobody's. */
const FOREIGN = '198.51.100.7';

const authority = makeAuthority('the authority of this PBX');
let folder: string;
let host: DistantHost;
let ari: SettingsPart;
let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn | undefined;
const undoing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  await installMissing({ iptables: 'iptables' }, () => {});
  folder = await mkdtemp(join(tmpdir(), 'check-network-'));
  host = await makeDistantHost({ delayMs: 0 });
  const { key, cert } = authority.issue(host.near);
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const port = await freeTcpPort(host.near);
  const general = {
    tlsenable: 'yes',
    tlsbindaddr: `${host.near}:${port}`,
    tlscertfile: await file('cert.pem', cert),
    tlsprivatekey: await file('key.pem', key),
  };
  ari = { url: `https://${host.near}:${port}`, ca: await file('ca.pem', authority.ca) };
  lab = await startLab({ pbxOverrides: { 'http.conf': { general } } });
  await mkdir(join(lab.folder, 'state'));
  receiver = await new ListeningReceiver({ sampleRate: 8000, host: host.near }).start();
}, START_LIMIT_MS);
afterEach(async () => {
  for (const undo of undoing.splice(0).reverse()) await undo();
  await addOn?.stop();
  addOn = undefined;
  await nothingLeft(lab);
});
afterAll(async () => {
  await receiver?.stop();
  await lab?.stop();
  await host?.remove();
  await rm(folder, { recursive: true });
});

/** A rule of the distant host's firewall; returns what takes it away. */
async function rule(table: string, ...words: string[]): Promise<() => Promise<void>> {
  const [program = '', ...before] = [...host.enter, 'iptables', '-w', '-t', table];
  await run(program, [...before, '-I', ...words]);
  let isThere = true;
  const remove = async (): Promise<void> => {
    if (isThere) await run(program, [...before, '-D', ...words]);
    isThere = false;
  };
  undoing.push(remove);
  return remove;
}

async function checked(media: SettingsPart = {}, asterisk: SettingsPart = ari): Promise<CheckOutcome> {
  const all = { listen: `${host.far}:${PORT}`, ...media };
  return runCheck(lab, receiver.address, { asterisk, media: all }, { through: host.enter });
}

/** Exactly the audio does not arrive; gives what is said of it. */
function blocked(outcome: CheckOutcome): string {
  expect(faultsIn(outcome).map(({ id, level }) => `${id} ${level}`)).toEqual(['audio.path error']);
  expect(outcome.exitCode).toBe(2);
  return faultsIn(outcome)[0]?.what ?? '';
}

test('all is well: packets come over the line from the address that Asterisk told', async () => {
  const outcome = await checked();
  expect(faultsIn(outcome)).toEqual([]);
  expect(outcome.findings.find(({ id }) => id === 'audio.source')?.what).toContain(`from ${host.near}:`);
  expect(outcome.findings.find(({ id }) => id === 'asterisk.certificate')?.level).toBe('ok');
});

test('planted: https, and no authority is named', async () => {
  const outcome = await checked({}, { url: ari.url });
  expect(faultsIn(outcome)[0]).toMatchObject({ id: 'asterisk.reach', level: 'error' });
  expect(linesOf(outcome, 'asterisk.reach')).toContain('settings: "asterisk": {"ca": "/path/to/authority.pem"}');
});

test('planted: a firewall drops the audio', async () => {
  await rule('filter', 'INPUT', '-p', 'udp', '--dport', String(PORT), '-j', 'DROP');
  const outcome = await checked();
  expect(blocked(outcome)).toContain(`to ${host.far}:${PORT}, and nothing of it arrived`);
  const line = `shell: iptables -I INPUT -p udp -s ${host.near} --dport ${PORT} -j ACCEPT`;
  expect(linesOf(outcome, 'audio.path')).toContain(line);
});

test('planted: something between changes the address that the audio comes from', async () => {
  await rule('nat', 'INPUT', '-p', 'udp', '--dport', String(PORT), '-j', 'SNAT', '--to-source', FOREIGN);
  const outcome = await checked();
  expect(blocked(outcome)).toContain(`packets came from ${FOREIGN}:`);
  expect(linesOf(outcome, 'audio.path')[0]).toContain(
    `iptables -t nat -I POSTROUTING -p udp -d ${host.far} --dport ${PORT} -j ACCEPT`,
  );
});

test('planted: media.advertise is loopback, and Asterisk on another host', async () => {
  const outcome = await checked({ advertise: '127.0.0.1' });
  blocked(outcome);
  expect(linesOf(outcome, 'audio.path')).toEqual([`settings: "media": {"advertise": "${host.far}:${PORT}"}`]);
});

test('planted: media.listen is loopback, and Asterisk on another host', async () => {
  const outcome = await checked({ listen: `127.0.0.1:${PORT}`, advertise: host.far });
  blocked(outcome);
  expect(linesOf(outcome, 'audio.path')).toEqual([`settings: "media": {"listen": "0.0.0.0:${PORT}"}`]);
});

const ANSWERED = { afterMs: 0 };

async function started(): Promise<AddOn> {
  const media = { listen: `${host.far}:${PORT}` };
  const begun = await AddOn.start(lab, receiver, { asterisk: ari, media }, host.enter);
  addOn = begun;
  await begun.says('connected to Asterisk');
  return begun;
}

test('a running add-on says it once, with the line to change, and says when the audio comes again', async () => {
  const remove = await rule('filter', 'INPUT', '-p', 'udp', '--dport', String(PORT), '-j', 'DROP');
  const running = await started();
  lab.phones.answers('1002', ANSWERED);
  const leg = await lab.phones.call({ from: '1001', to: '1002' });

  const { level, message, channel } = await running.reports('RTP_MISSING');
  expect(level).toBe('warn');
  expect(channel).toMatch(/^PJSIP\/100[12]-/);
  expect(message).toContain(`iptables -I INPUT -p udp -s ${host.near} --dport ${PORT} -j ACCEPT`);
  const ofBoth = () => running.lines.filter(({ code }) => code === 'RTP_MISSING');
  await until('it was seen of both parties', () => ofBoth().length === 2);
  expect(ofBoth().map((line) => line.level)).toEqual(['warn', 'debug']);

  await remove();
  expect((await running.says('audio arrives from Asterisk again')).level).toBe('info');
  await leg.hangUp();
});

test('parties who ring, are held, or send nothing at all raise no alarm', async () => {
  const running = await started();
  lab.phones.answers('1002', ANSWERED);
  lab.phones.answers('1003', { afterMs: 'never' });
  const ringing = await lab.phones.dial({ from: '1004', to: '1003' });
  const silent = await lab.phones.call({ from: '1001', to: '1002' });
  await silent.hold();

  // The alarm would come with the second period at the latest.
  const begun = performance.now();
  await until('two periods have passed', () => performance.now() - begun > 2.5 * NO_RTP_LIMIT_MS);
  expect(running.lines.filter(({ code }) => code !== undefined)).toEqual([]);
  expect(running.lines.filter(({ message }) => message === 'tap live')).toHaveLength(4);
  await ringing.hangUp();
  await silent.hangUp();
});
