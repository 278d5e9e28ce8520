/** The add-on goes in mid-call, in order or not: what it leaves, what it spares, and how it comes back. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { AriRefusal } from '../../lab/ari-http.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { AddOn } from './add-on.js';
import { ForeignClient } from './foreign-client.js';
import { expectUnharmed } from './heard-by-phones.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectExact, expectExactPiece, flows, NOISY_EXTENSIONS, noiseCall, RATE } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const PARTIES = ['1100', '1101'] as const;
const APP = 'ari-audio-stream';
const TALK_MS = 1_000;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  addOn = await AddOn.linked(lab, receiver);
});
afterEach(async () => {
  await addOn.stop();
  await receiver.stop();
  expect(addOn.output).not.toContain(lab.pbx.ari.password);
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function idsOf(kind: 'channels' | 'bridges'): Promise<string[]> {
  return (await lab.pbxAri.request<{ id: string }[]>('GET', kind)).map(({ id }) => id);
}

/** Ids of what the add-on has made. */
async function ours(): Promise<string[]> {
  const all = [...(await idsOf('channels')), ...(await idsOf('bridges'))];
  return all.filter((id) => id.startsWith(`aas~${APP}~`));
}

test(
  'SIGTERM: every stream ends in order, nothing of ours is left in Asterisk, and the phones talk on',
  async () => {
    const call = await noiseCall(lab, receiver, ...PARTIES);
    expect((await ours()).length).toBe(6);

    expect(await addOn.stop('SIGTERM')).toBe(0);
    expect(await ours()).toEqual([]);
    const streams = await receiver.ended(PARTIES);
    for (const stream of streams) {
      expectExact(stream);
      expect(stream.ends).toBe(1);
    }
    await until('the connection is closed', () => receiver.connections === 0);
    expect({ codes: receiver.closeCodes, faults: receiver.faults }).toEqual({ codes: [1000], faults: [] });

    await pause(TALK_MS); // The phones talk on, so that there is something to hear.
    expect(call.caller.isUp && call.callee.isUp).toBe(true);
    await call.caller.hangUp();
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'SIGTERM while the receiver is away: it ends in time, and tells what is lost with it',
  async () => {
    const call = await noiseCall(lab, receiver, ...PARTIES);
    await receiver.stop();
    await pause(TALK_MS); // So that there is something to lose.
    expect(await addOn.stop('SIGTERM')).toBe(0);
    expect(await ours()).toEqual([]);

    const ended = addOn.lines.filter(({ message }) => message === 'participant ended');
    const sent = ended.reduce((sum, { fragments }) => sum + Number(fragments), 0);
    const heard = [...receiver.heard.values()].reduce((sum, { fragments }) => sum + fragments.length, 0);
    const lines = addOn.lines.filter(({ message }) => message.startsWith('call streamed'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      message: 'call streamed with losses: the program ended before the receiver had taken everything',
    });
    const [dropped, unconfirmed] = [Number(lines[0]?.dropped), Number(lines[0]?.unconfirmed)];
    expect(dropped).toBeGreaterThan(0);
    // What is not confirmed may have arrived or not.
    expect(heard).toBeGreaterThanOrEqual(sent - dropped - unconfirmed);
    expect(heard).toBeLessThanOrEqual(sent - dropped);

    await call.caller.hangUp();
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

test(
  'SIGKILL: a new start removes what the dead one left, streams the running call, and spares what is not ours',
  async () => {
    const call = await noiseCall(lab, receiver, ...PARTIES);
    const foreign = await ForeignClient.connect(lab, 'another-app');
    const theirs = await madeByAnotherApp(call.caller.number);
    const left = await ours();
    expect(left.length).toBe(6);

    await addOn.stop('SIGKILL');
    expect((await ours()).toSorted()).toEqual(left.toSorted());
    // Asterisk takes back the name at once although channels of ours live on: else a new start would find it taken.
    await until('the application is gone', async () => !(await isApplication()), 1_000);
    await until('the receiver sees the end', () => receiver.connections === 0);
    receiver.heard.clear();

    const restartedAt = performance.now();
    addOn = await AddOn.linked(lab, receiver);
    await flows(receiver, PARTIES, 1);
    expect(performance.now() - restartedAt).toBeLessThan(3_000);
    await addOn.says('removed what was left in Asterisk');
    const now = await ours();
    expect({ count: now.length, old: now.filter((id) => left.includes(id)) }).toEqual({ count: 6, old: [] });
    expect(await idsOf('channels')).toEqual(expect.arrayContaining([theirs.snoop]));
    expect(await idsOf('bridges')).toEqual(expect.arrayContaining([theirs.bridge]));

    await flows(receiver, PARTIES);
    await call.caller.hangUp();
    const streams = await receiver.ended(PARTIES);
    for (const stream of streams) expect(expectExactPiece(stream)).toBeGreaterThan(RATE);
    await expectUnharmed(call);
    expect(await idsOf('bridges')).toEqual([theirs.bridge]);
    await lab.pbxAri.request('DELETE', `bridges/${theirs.bridge}`);
    await foreign.close();
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);

/** What another tapping application would make: a snoop on a phone's channel, in a bridge. Its ids resemble ours. */
async function madeByAnotherApp(number: string): Promise<{ snoop: string; bridge: string }> {
  const channels = await lab.pbxAri.request<{ id: string; name: string }[]>('GET', 'channels');
  const channel = channels.find(({ name }) => name.startsWith(`PJSIP/${number}-`));
  const [snoop, bridge] = [`aas~another-app~1~1~snoop`, `aas~${APP}-2~1~1~bridge`];
  await lab.pbxAri.request('POST', `channels/${channel?.id}/snoop/${snoop}`, { spy: 'in', app: 'another-app' });
  await lab.pbxAri.request('POST', `bridges/${bridge}`, { type: 'mixing' });
  await until('the snoop has entered its application', () =>
    lab.pbxAri.request('POST', `bridges/${bridge}/addChannel`, { channel: snoop }).then(
      () => true,
      (error: unknown) => !(error instanceof AriRefusal),
    ),
  );
  return { snoop, bridge };
}

async function isApplication(): Promise<boolean> {
  return lab.pbxAri.request('GET', `applications/${APP}`).then(
    () => true,
    (error: unknown) => !(error instanceof AriRefusal && error.status === 404),
  );
}
