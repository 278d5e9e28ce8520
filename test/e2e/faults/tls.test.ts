/**
 * TLS to the receiver, in every way in which it goes wrong while calls are up: it is said what is wrong, nothing is sent, the
 * calls are unharmed, and when the fault is mended nothing is lost. All servers and certificates are real. The stories are
 * told side by side, on one Asterisk, each by an add-on, a receiver and a call of its own.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { EXPIRED, makeAuthority, selfSigned } from '../../certificates.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { NOISY_EXTENSIONS } from '../noise-call.js';
import { SECRET, TlsRow } from './tls-rows.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000;
const HOST = 'localhost';
/** Enough for the call to begin, and for some audio after that. */
const SHORT_LIFE_MS = 12_000;

const authority = makeAuthority('the authority of the receivers');
const newAuthority = makeAuthority('the new authority of the receivers');
const ofClients = makeAuthority('the authority of clients');
const good = authority.issue(HOST);

/** Every warning that was waited for, by its story and its row, or what failed. */
const told = new Map<string, string>();
/** Stories that have come to an end, good or bad. */
const over = new Set<string>();
const rows: TlsRow[] = [];
let folder: string;
let lab: Lab;
let stories: Record<'certificates' | 'protocols' | 'clients' | 'lifetime' | 'insecure', Promise<void>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-faults-'));
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  const ca = await pem('ca.pem', authority.ca);
  stories = {
    certificates: badCertificates(ca),
    protocols: badProtocols(ca),
    clients: clientCertificates(ca),
    lifetime: endOfLife(),
    insecure: explicitSwitch(),
  };
  for (const [name, story] of Object.entries(stories)) {
    // What failed is told by the tests, which await the story.
    story.catch(() => undefined).finally(() => over.add(name));
  }
}, START_LIMIT_MS);

afterAll(async () => {
  if (stories !== undefined) await Promise.allSettled(Object.values(stories));
  await Promise.allSettled(rows.map((row) => row.stop()));
  await lab?.stop();
  await rm(folder, { recursive: true });
}, START_LIMIT_MS);

async function pem(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

async function start(...args: Parameters<typeof TlsRow.start> extends [Lab, ...infer Rest] ? Rest : never) {
  const row = await TlsRow.start(lab, ...args);
  rows.push(row);
  return row;
}

async function badCertificates(ca: string): Promise<void> {
  const row = await start(['1100', '1101'], authority.issue(HOST, EXPIRED), { ca });
  await row.begin();
  told.set('expired', (await row.refused('RECEIVER_CERTIFICATE_EXPIRED', 'has expired')).message);
  await row.receiver.restart(selfSigned(HOST));
  told.set('signed by itself', (await row.refused('RECEIVER_CERTIFICATE', 'self-signed')).message);
  await row.receiver.restart(authority.issue('pbx.example.com'));
  told.set('for another host', (await row.refused('RECEIVER_CERTIFICATE_NAME', 'pbx.example.com')).message);
  await row.receiver.restart(newAuthority.issue(HOST));
  told.set('of an unknown authority', (await row.refused('RECEIVER_CERTIFICATE', 'unable to verify')).message);
  expect(row.receiver.upgrades).toEqual([]);
  await row.receiver.restart(good);
  await row.flows();
  await row.expectNothingLost();
}

async function badProtocols(ca: string): Promise<void> {
  const row = await start(['1102', '1103'], good, { ca });
  const came = await row.withoutTls(async () => {
    await row.begin();
    told.set('no TLS at all', (await row.refused('RECEIVER_TLS', 'No TLS connection')).message);
  });
  expect(came[0]).toBe(0x16); // A handshake record of TLS, and nothing that could be read.
  expect(came.toString('latin1')).not.toContain(SECRET.value);
  const ciphers = 'DEFAULT@SECLEVEL=0';
  await row.receiver.restart({ ...good, ciphers, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
  told.set('TLS 1.0 and 1.1 only', (await row.refused('RECEIVER_TLS_VERSION', 'protocol version')).message);
  expect(row.receiver.upgrades).toEqual([]);
  await row.receiver.restart({ ...good, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  await row.flows();
  await row.expectNothingLost();
}

async function clientCertificates(ca: string): Promise<void> {
  const mutual = {
    ...good,
    requestCert: true,
    rejectUnauthorized: true,
    ca: ofClients.ca,
    minVersion: 'TLSv1.3',
  } as const;
  const row = await start(['1104', '1105'], mutual, { ca });
  await row.begin();
  told.set('no client certificate', (await row.refused('RECEIVER_WANTS_CERTIFICATE', 'certificate required')).message);

  const wrong = newAuthority.issue('the add-on');
  const files = { cert: await pem('client.pem', wrong.cert), key: await pem('client.key', wrong.key) };
  await row.addOn.change({ streaming: files });
  // A server of Node.js breaks the connection without a word to a client whose certificate it does not trust.
  told.set('a wrong client certificate', (await row.refused('RECEIVER_CONNECTION_LOST', 'client certificate')).message);
  expect(row.receiver.upgrades).toEqual([]);

  const right = ofClients.issue('the add-on');
  await pem('client.pem', right.cert);
  await pem('client.key', right.key);
  row.addOn.signal('SIGHUP');
  await row.flows();
  await row.expectNothingLost();
}

async function endOfLife(): Promise<void> {
  const ca = await pem('old-and-new.pem', authority.ca);
  const row = await start(['1106', '1107'], good, { ca });
  const expiry = Date.now() + SHORT_LIFE_MS;
  await row.receiver.restart(authority.issue(HOST, { from: -60_000, until: SHORT_LIFE_MS }));
  await row.begin();
  await row.flows();
  await until('the certificate has expired', () => Date.now() > expiry + 1_000, 2 * SHORT_LIFE_MS);
  await row.flows();
  expect(row.receiver.upgrades).toHaveLength(1);
  told.set('the connection goes on', 'yes');

  await row.receiver.restart(authority.issue(HOST, { from: -60_000, until: -1_000 }));
  told.set('expired in mid-call', (await row.refused('RECEIVER_CERTIFICATE_EXPIRED', 'has expired')).message);
  await row.receiver.restart(newAuthority.issue(HOST));
  told.set('of a new authority', (await row.refused('RECEIVER_CERTIFICATE', 'unable to verify')).message);
  await pem('old-and-new.pem', `${authority.ca}${newAuthority.ca}`);
  row.addOn.signal('SIGHUP');
  await row.flows();
  await row.expectNothingLost();
}

/** On the call of the story of certificates, which it has streamed too: its receiver has a certificate for nobody. */
async function explicitSwitch(): Promise<void> {
  const row = await start(['1101', '1100'], selfSigned('pbx.example.com'), { insecure: true });
  await row.addOn.says('The certificate of the receiver is not verified: streaming.insecure is true.');
  await row.flows();
  row.addOn.signal('SIGHUP');
  await row.addOn.says('the settings were read again');
  const warnings = () =>
    row.addOn.lines.filter(({ level, message }) => level === 'warn' && message.includes('insecure'));
  await until('it has warned again', () => warnings().length === 2);
  for (const { message } of warnings()) told.set('insecure', message);
}

test.each([
  ['certificates', 'expired', 'needs a new certificate'],
  ['certificates', 'signed by itself', 'streaming.ca'],
  ['certificates', 'for another host', 'streaming.serverAddress'],
  ['certificates', 'of an unknown authority', 'streaming.ca'],
  ['protocols', 'no TLS at all', 'try ws://'],
  ['protocols', 'TLS 1.0 and 1.1 only', 'TLS 1.2'],
  ['clients', 'no client certificate', 'streaming.cert and streaming.key'],
  ['clients', 'a wrong client certificate', 'client certificate'],
  ['lifetime', 'expired in mid-call', 'needs a new certificate'],
  ['lifetime', 'of a new authority', 'streaming.ca'],
  ['insecure', 'insecure', 'Anybody on the way'],
] as const)(
  '%s, %s: refused or warned of in words, with what to do',
  async (story, row, words) => {
    await until('the row was told, or its story failed', () => told.has(row) || over.has(story), TEST_LIMIT_MS);
    if (!told.has(row)) await stories[story];
    expect(told.get(row)).toContain(words);
  },
  TEST_LIMIT_MS,
);

test.each([
  ['certificates', 'the receiver gets a good certificate'],
  ['protocols', 'the receiver speaks TLS 1.2'],
  ['clients', 'the right client certificate is read after SIGHUP, by the running call too'],
  [
    'lifetime',
    'a connection outlives its certificate, and a new authority is read after SIGHUP, by the running call too',
  ],
  ['insecure', 'the explicit switch takes any certificate'],
] as const)('%s, mended: %s, and nothing is lost', async (story, _what) => stories[story], TEST_LIMIT_MS);

test(
  'no call was harmed, nothing is left in Asterisk, and no secret was shown',
  async () => {
    await expectUnharmed(...rows.flatMap(({ call }) => (call === undefined ? [] : [call])));
    await nothingLeft(lab);
    for (const row of rows) await row.stop();
  },
  TEST_LIMIT_MS,
);
