/** The name of the receiver does not resolve, in three ways, and then does: against a real resolver, in a mount namespace. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import type { SettingsPart } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import type { ListeningReceiver } from '../listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall } from '../noise-call.js';
import { type Account, FaultyCall, type Parties } from './faulty-call.js';
import { NameServer } from './name-server.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000;
const RECEIVER_NAME = 'receiver.test';
/** No other test listens there. */
const NAME_SERVER = '127.83.53.1';
/** Runs a command with a file in the place of /etc/resolv.conf, which nobody else sees. */
const WITH_RESOLVER = ['unshare', '--mount', '--', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"'];
const STEP_LIMIT_MS = 30_000;
/** After so long the add-on has closed its idle connections to Asterisk. */
const ARI_IDLE_MS = 10_500;
const EVERYBODY = ['1102', '1103', '1104', '1105', '1106', '1107'];

let lab: Lab;
let names: NameServer;
let through: readonly string[];

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  names = await NameServer.start(NAME_SERVER, RECEIVER_NAME, '127.0.0.1');
  const file = join(lab.folder, 'resolv.conf');
  await writeFile(file, `nameserver ${NAME_SERVER}\n`);
  through = [...WITH_RESOLVER, file];
}, START_LIMIT_MS);
afterAll(async () => {
  await names?.stop();
  await lab?.stop();
}, TEST_LIMIT_MS);

/** Asterisk is named too, in /etc/hosts: what asks for its name must not wait behind those that ask for the receiver's. */
async function prepare(parties: Parties, subscribed: readonly string[] = parties): Promise<FaultyCall> {
  const changes = (receiver: ListeningReceiver): SettingsPart => ({
    asterisk: { url: lab.pbx.ari.url.replace('127.0.0.1', 'localhost') },
    streaming: {
      serverAddress: receiver.address.replace('127.0.0.1', RECEIVER_NAME),
      subscriptions: { extensions: subscribed },
    },
  });
  return FaultyCall.prepare(lab, parties, changes, { through });
}

function expectWhole({ streams, produced, repeats, reported }: Account): void {
  for (const stream of streams) expectExact(stream);
  expect(streams.map(({ fragments }) => fragments.length)).toEqual([...produced]);
  expect({ repeats, ...reported }).toEqual({ repeats: 0, dropped: 0, unconfirmed: 0, reconnects: 0 });
}

test(
  'a name that is unknown, or whose server fails or says nothing, is told in words; once it resolves, nothing is lost',
  async () => {
    names.mood = 'knows-no-name';
    const call = await prepare(['1100', '1101']);
    try {
      await call.begin({ isHeard: false });
      const { message } = await call.addOn.reports('RECEIVER_UNREACHABLE');
      expect(message).toContain(`ENOTFOUND ${RECEIVER_NAME}`);
      names.mood = 'fails';
      await call.addOn.says('EAI_AGAIN');
      names.mood = 'silent';
      await call.addOn.reports('RECEIVER_TIMEOUT');
      names.mood = 'works';
      await call.addOn.says('the receiver is back', STEP_LIMIT_MS);
      await call.flows();
      expectWhole(await call.end());
    } finally {
      await call.stop();
    }
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'while the name server says nothing, new calls are tapped at once: one look-up waits for it, not one for each call',
  async () => {
    names.mood = 'silent';
    const call = await prepare(['1102', '1103'], ['*']);
    try {
      await call.begin({ isHeard: false });
      const others = [await noiseCall(lab, undefined, '1104', '1105')];
      await pause(ARI_IDLE_MS);
      // Its taps need new connections to Asterisk, and so the name of that.
      others.push(await noiseCall(lab, undefined, '1106', '1107'));
      await call.addOn.reports('RECEIVER_TIMEOUT');
      names.mood = 'works';
      await call.addOn.says('the receiver is back', STEP_LIMIT_MS);
      await flows(call.receiver, EVERYBODY);
      await Promise.all(others.map(({ caller }) => caller.hangUp()));
      expectWhole(await call.end());
      for (const stream of await call.receiver.ended(EVERYBODY)) expectExact(stream);
      await expectUnharmed(...others);
    } finally {
      await call.stop();
    }
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);
