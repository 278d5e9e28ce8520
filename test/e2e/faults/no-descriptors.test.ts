/** The program may open no more files and connections: what streams goes on, what is new waits and says why, and all comes back. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installMissing } from '../../../lab/asterisk/apt.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { PortalClient } from '../../portal-client.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import {
  expectExact,
  expectExactPiece,
  flows,
  NOISY_EXTENSIONS,
  noiseCall,
  RATE,
  withoutRepeats,
} from '../noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
/** So long a tap that Asterisk refuses is tried again, and then no more. */
const SIX_TRIES_MS = 4_000;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  await installMissing({ ss: 'iproute2' }, () => undefined);
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  addOn = await AddOn.linked(lab, receiver, { web: { listen: '127.0.0.1:0' } });
}, START_LIMIT_MS);
afterAll(async () => {
  await addOn?.stop();
  await receiver?.stop();
  await lab?.stop();
}, TEST_LIMIT_MS);

test(
  'no file descriptors left: running calls stream on, new ones wait, words name this machine, and all recovers',
  async () => {
    const { address } = await addOn.page();
    const running = await noiseCall(lab, receiver, '1100', '1101');
    // A call that ends meanwhile: what is to be removed from Asterisk then cannot be, for want of a connection.
    const ending = await noiseCall(lab, receiver, '1102', '1103');
    await until(
      'no connection to Asterisk waits for its next request',
      async () => (await requestSockets()) === 0,
      20_000,
    );

    await leaveNoDescriptors();
    const waiting = await noiseCall(lab, undefined, '1104', '1105');
    const { level, message } = await addOn.reports('NO_FILE_DESCRIPTORS');
    expect(level).toBe('error');
    expect(message).toMatch(/^This machine lets the program open no more files.*raise LimitNOFILE.*ulimit -n/);
    await ending.caller.hangUp();
    await receiver.ended(['1102', '1103']);
    for (const url of [`${addOn.monitoringUrl}/healthz`, address]) await expect(fetch(url)).rejects.toThrow();
    await flows(receiver, ['1100', '1101']);

    // Not even what the broken connection gives back: the receiver is not to blame for what follows.
    await limitTo('3');
    await receiver.stop();
    const { message: ofReceiver } = await addOn.logs(
      'what keeps it from the receiver',
      ({ code, level: at }) => code === 'NO_FILE_DESCRIPTORS' && at === 'warn',
    );
    expect(ofReceiver).toMatch(/^This machine .*audio is kept and the connection tried again$/);
    await receiver.start();
    await pause(SIX_TRIES_MS); // Whoever only tries again would have given up.

    await limitTo('1024');
    await addOn.says('this machine has again what was missing');
    await addOn.says('the receiver is back');
    expect((await fetch(`${addOn.monitoringUrl}/healthz`)).status).toBe(200);
    expect((await new PortalClient(address).ask('GET', '/api/v1/session')).status).toBe(200);
    await flows(receiver, ['1104', '1105']);
    await Promise.all([running.caller.hangUp(), waiting.caller.hangUp()]);
    for (const stream of await receiver.ended(['1102', '1103'])) expectExact(stream);
    for (const stream of await receiver.ended(['1100', '1101'])) expectExact(withoutRepeats(stream).once);
    for (const stream of await receiver.ended(['1104', '1105'])) expectExactPiece(stream);
    await expectUnharmed(running, ending, waiting);
    await nothingLeft(lab);
    expect(codes()).toEqual(new Set(['NO_FILE_DESCRIPTORS', 'RECEIVER_CONNECTION_LOST']));
    expect(addOn.lines.filter(({ code, level }) => code === 'NO_FILE_DESCRIPTORS' && level === 'error')).toHaveLength(
      1,
    );
  },
  TEST_LIMIT_MS,
);

function codes(): Set<unknown> {
  return new Set(addOn.lines.flatMap(({ code }) => (code === undefined ? [] : [code])));
}

async function descriptors(): Promise<number[]> {
  return (await readdir(`/proc/${addOn.pid}/fd`)).map(Number);
}

/** Sets the soft limit to the lowest number that is free: the next that is opened fails. */
async function leaveNoDescriptors(): Promise<void> {
  const used = new Set(await descriptors());
  let lowest = 0;
  while (used.has(lowest)) lowest += 1;
  await limitTo(String(lowest));
}

async function limitTo(soft: string): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(addOn.pid), `--nofile=${soft}:`]);
}

/** How many connections there are to Asterisk's port, that of the events aside. */
async function requestSockets(): Promise<number> {
  const port = new URL(lab.pbx.ari.url).port;
  const { stdout } = await promisify(execFile)('ss', ['-Htnp', 'state', 'established', `( dport = :${port} )`]);
  return stdout.split('\n').filter((line) => line.includes(`pid=${addOn.pid},`)).length - 1;
}
