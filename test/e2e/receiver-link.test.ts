/** The link to the receiver: what is said when it fails, in which way ever, and that an outage loses nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { makeAuthority } from '../certificates.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { expectUnharmed } from './heard-by-phones.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectExact, flows, NOISY_EXTENSIONS, noiseCall, RATE, withoutRepeats } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const OUTAGE_MS = 2_000;
const SECRET = 'hush-hush-0815';
const PARTIES = ['1100', '1101'] as const;

let lab: Lab;
let folder: string;
let addOn: AddOn;
let receiver: ListeningReceiver;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'receiver-link-'));
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
afterEach(async () => {
  await receiver.stop();
  await addOn.stop();
  expect(addOn.output).not.toContain(SECRET);
  expect(addOn.output).not.toContain(lab.pbx.ari.password);
  expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
}, TEST_LIMIT_MS);
afterAll(async () => {
  await lab?.stop();
  await rm(folder, { recursive: true });
}, TEST_LIMIT_MS);

async function linked(streaming: SettingsPart = {}): Promise<AddOn> {
  return AddOn.linked(lab, receiver, { streaming });
}

/** Hangs up, and gives what came of each party, with the repeats taken out and counted. */
async function endOf(call: Awaited<ReturnType<typeof noiseCall>>) {
  await call.caller.hangUp();
  const [caller, callee] = (await receiver.ended(PARTIES, 30_000)).map(withoutRepeats);
  if (caller === undefined || callee === undefined) throw new Error('unreachable');
  await nothingLeft(lab);
  return { streams: [caller.once, callee.once], repeats: caller.repeats + callee.repeats };
}

describe('wss with a certificate of a private authority', () => {
  const authority = makeAuthority('the authority of this receiver');
  const start = async (host: string) =>
    new ListeningReceiver({ sampleRate: RATE, tls: authority.issue(host) }).start().then((started) => {
      receiver = started;
    });

  test(
    'streams when streaming.ca names it',
    async () => {
      await start('localhost');
      const ca = join(folder, 'ca.pem');
      await writeFile(ca, authority.ca);
      addOn = await linked({ ca });
      const { streams } = await endOf(await noiseCall(lab, receiver, ...PARTIES));
      for (const stream of streams) expectExact(stream);
      expect(receiver.closeCodes).toEqual([1000]);
    },
    TEST_LIMIT_MS,
  );

  test(
    'is refused in words when nothing names it; nothing is sent, and the call is unharmed',
    async () => {
      await start('localhost');
      addOn = await linked({ secret: { value: SECRET } });
      const call = await noiseCall(lab, undefined, ...PARTIES);
      const { level, message } = await addOn.reports('RECEIVER_CERTIFICATE');
      expect(level).toBe('warn');
      expect(message).toContain('The certificate of the receiver is not trusted');
      await pause(1_000); // The call goes on for a while, so that there is something to hear.
      await call.caller.hangUp();
      await expectUnharmed(call);
      await nothingLeft(lab);
      expect(receiver.upgrades).toEqual([]);
    },
    TEST_LIMIT_MS,
  );
});

test(
  'a wrong secret is told in words, and once; when the receiver takes it, nothing is lost',
  async () => {
    receiver = await new ListeningReceiver({ sampleRate: RATE, secret: { name: 'x-api-key', value: 'other' } }).start();
    addOn = await linked({ secret: { name: 'X-Api-Key', value: SECRET } });
    const call = await noiseCall(lab, undefined, ...PARTIES);
    expect((await addOn.reports('RECEIVER_WRONG_SECRET')).message).toContain(
      'answered the upgrade with HTTP status 401',
    );
    receiver.wants({ name: 'x-api-key', value: SECRET });
    await flows(receiver, PARTIES);
    expect(receiver.upgrades.map((headers) => headers['x-api-key'])).toEqual([SECRET]);
    const { streams, repeats } = await endOf(call);
    for (const stream of streams) expectExact(stream);
    expect(repeats).toBe(0);
    expect(addOn.lines.filter(({ level, code }) => level === 'warn' && code === 'RECEIVER_WRONG_SECRET')).toHaveLength(
      1,
    );
  },
  TEST_LIMIT_MS,
);

test(
  'the receiver is down when the call begins, and comes up 2 s later: nothing is lost',
  async () => {
    receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
    await receiver.stop();
    addOn = await linked();
    const call = await noiseCall(lab, undefined, ...PARTIES);
    expect((await addOn.reports('RECEIVER_REFUSED')).level).toBe('warn');
    await pause(OUTAGE_MS);
    await receiver.start();
    await addOn.says('the receiver is back');
    await flows(receiver, PARTIES, 100);
    const { streams, repeats } = await endOf(call);
    for (const stream of streams) expectExact(stream);
    expect({ repeats, faults: receiver.faults }).toEqual({ repeats: 0, faults: [] });
  },
  TEST_LIMIT_MS,
);

test(
  'the receiver dies in mid-call, and comes back 2 s later: nothing is lost',
  async () => {
    receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
    addOn = await linked();
    const call = await noiseCall(lab, receiver, ...PARTIES);
    await receiver.stop();
    await pause(OUTAGE_MS);
    await receiver.start();
    await addOn.says('the receiver is back');
    await flows(receiver, PARTIES, 100);
    const { streams, repeats } = await endOf(call);
    for (const stream of streams) expectExact(stream);
    // What the receiver had read and not yet confirmed when it died comes again: it can't be told from what was lost.
    expect(repeats).toBeLessThanOrEqual(2 * PARTIES.length);
    await expectUnharmed(call);
    const { message, reconnects, dropped, unconfirmed } = await addOn.says('call streamed');
    expect({ message, reconnects, dropped, unconfirmed }).toEqual({
      message: 'call streamed',
      reconnects: 1,
      dropped: 0,
      unconfirmed: 0,
    });
  },
  TEST_LIMIT_MS,
);

test(
  'whatever the receiver says is ignored: texts, binary frames, a flood of pings',
  async () => {
    receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
    addOn = await linked();
    const call = await noiseCall(lab, receiver, ...PARTIES);
    receiver.say('stop');
    receiver.say('{"status":"end"}');
    receiver.say(Buffer.from([0, 255, 1, 254]));
    receiver.say('x'.repeat(900_000));
    for (let n = 0; n < 20_000; n++) receiver.ping();
    // Pongs that answer nothing of ours, and one that looks as if it did.
    for (const payload of ['', 'no number', '-1', '999999999']) receiver.pong(payload);
    await flows(receiver, PARTIES, 50);
    const { streams, repeats } = await endOf(call);
    for (const stream of streams) expectExact(stream);
    expect({ repeats, faults: receiver.faults, codes: receiver.closeCodes }).toEqual({
      repeats: 0,
      faults: [],
      codes: [1000],
    });
    expect(await addOn.says('call streamed')).toMatchObject({ ignored: 4, reconnects: 0 });
  },
  TEST_LIMIT_MS,
);

test(
  'garbage where WebSocket frames should be costs a reconnection and nothing else',
  async () => {
    receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
    addOn = await linked();
    const call = await noiseCall(lab, receiver, ...PARTIES);
    receiver.sendGarbage();
    await addOn.reports('RECEIVER_CONNECTION_LOST');
    await addOn.says('the receiver is back');
    await flows(receiver, PARTIES, 50);
    const { streams } = await endOf(call);
    for (const stream of streams) expectExact(stream);
    await expectUnharmed(call);
  },
  TEST_LIMIT_MS,
);
