/** The event WebSocket is cut, Asterisk's password changes, and there are more events than the add-on takes. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setInConf } from '../../../lab/asterisk/conf-file.js';
import { FOLDERS } from '../../../lab/asterisk/instance-files.js';
import { extensionRange } from '../../../lab/farm-conf.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExact, expectExactPiece, flows, noiseCall, RATE } from '../noise-call.js';
import { FaultyAri } from './faulty-ari.js';
import { nothingOf } from './own-pieces.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000;
const FRAGMENTS_PER_SECOND = 25;
/** Longer than the ten seconds for which the packets of a participant may stay away while there is no link. */
const LONG_CUT_S = 14;
/** Each step of this loop is an event, and Asterisk takes some thousand a second. */
const FLOOD = `
[flood]
exten => go,1,Answer()
 same => n,Set(round=0)
 same => n(again),NoOp()
 same => n,NoOp()
 same => n,Set(round=$[\${round} + 1])
 same => n,GotoIf($[\${round} < 1500]?again)
 same => n,Hangup()
`;
const FLOODING_CHANNELS = 12;

let lab: Lab;
let ari: FaultyAri;
let runs = 0;

beforeAll(async () => {
  lab = await startLab({
    extensions: extensionRange(1100, 8, 'slin16'),
    pbxAdditions: { 'extensions.conf': FLOOD },
  });
}, START_LIMIT_MS);
beforeEach(async () => {
  runs += 1;
  const all = { streaming: { subscriptions: { extensions: ['_110X'] } } };
  ari = await FaultyAri.start(lab, `events-${runs}`, ['1100', '1101'], all);
}, TEST_LIMIT_MS);
afterEach(async () => ari.stop(lab), TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

function newly(words: string) {
  const seen = ari.addOn.lines.length;
  return until(
    `it says "${words}"`,
    () => ari.addOn.lines.slice(seen).find(({ message }) => message.includes(words)),
    30_000,
  );
}

async function setPassword(password: string): Promise<void> {
  const file = join(lab.pbx.runDir, FOLDERS.etc, 'ari.conf');
  await writeFile(file, setInConf(await readFile(file, 'utf8'), lab.pbx.ari.username, 'password', password));
  await lab.pbx.cli('module reload res_ari.so');
}

test(
  'the event WebSocket is cut while calls start and end',
  async () => {
    const { proxy, receiver, addOn } = ari;
    const stays = await noiseCall(lab, receiver, '1100', '1101');
    const ends = await noiseCall(lab, receiver, '1102', '1103');
    // Its taps are being made when the cut comes: nobody tells that their channels have entered the application.
    const held = proxy.holds(({ what }) => what === 'external-media', false);
    const halfway = await noiseCall(lab, undefined, '1106', '1107');
    await held.reached;

    proxy.cutEvents();
    held.letGo();
    expect((await addOn.reports('ARI_CONNECTION_LOST')).level).toBe('warn');
    await ends.caller.hangUp();
    const starts = await noiseCall(lab, undefined, '1104', '1105');
    // What has ended is found out by the packets that stay away, and what goes on is not ended.
    await flows(receiver, ['1100', '1101'], (LONG_CUT_S / 2) * FRAGMENTS_PER_SECOND);
    await flows(receiver, ['1100', '1101'], (LONG_CUT_S / 2) * FRAGMENTS_PER_SECOND);
    for (const heard of await receiver.ended(['1102', '1103'])) expectExact(heard);
    expect(addOn.lines.filter(({ message }) => message === 'connected to Asterisk')).toHaveLength(1);

    proxy.letEventsThrough();
    await newly('connected to Asterisk');
    await flows(receiver, ['1100', '1101', '1104', '1105', '1106', '1107']);
    await Promise.all([stays, starts, halfway].map(({ caller }) => caller.hangUp()));
    for (const heard of await receiver.ended(['1100', '1101'])) expectExact(heard);
    for (const heard of await receiver.ended(['1104', '1105', '1106'])) expectExactPiece(heard);
    await expectUnharmed(stays, ends, starts, halfway);
    await nothingLeft(lab);
    await until('all connections are closed', () => receiver.connections === 0);
    expect(new Set(receiver.closeCodes)).toEqual(new Set([1000]));
    expect(receiver.faults).toEqual([]);
    expect(addOn.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'the password changes while the add-on runs, and changes back: before it has to connect again, and after',
  async () => {
    const { proxy, receiver, addOn, application } = ari;
    const { password } = lab.pbx.ari;
    const stays = await noiseCall(lab, receiver, '1100', '1101');
    const ends = await noiseCall(lab, receiver, '1102', '1103');

    await setPassword('another-password-0815');
    // The event WebSocket goes on; what is asked for is refused.
    await ends.caller.hangUp();
    await receiver.ended(['1102', '1103']);
    const starts = await noiseCall(lab, undefined, '1104', '1105');
    const { level, message } = await addOn.reports('ARI_WRONG_PASSWORD');
    expect(level).toBe('warn');
    expect(message).toContain('Compare asterisk.username and asterisk.password');
    await setPassword(password);
    await flows(receiver, ['1100', '1101', '1104', '1105']);
    // What could not be removed meanwhile is removed now, without another connection.
    const newestTap = Math.max(...proxy.passed.map(({ tap = 0 }) => tap));
    expect(newestTap).toBeGreaterThan(6);
    await starts.caller.hangUp();
    await receiver.ended(['1104', '1105']);
    await until('only the taps of the first call are left', async () => {
      const bridges = await lab.pbxAri.request<{ id: string }[]>('GET', 'bridges');
      return bridges.filter(({ id }) => id.includes(`~${application}~`)).length === 2;
    });
    expect(addOn.lines.filter((line) => line.message === 'connected to Asterisk')).toHaveLength(1);

    await setPassword('another-password-0815');
    const before = addOn.lines.length;
    proxy.cutEvents();
    proxy.letEventsThrough();
    await until('that is said again', () =>
      addOn.lines.slice(before).some(({ code }) => code === 'ARI_WRONG_PASSWORD'),
    );
    await flows(receiver, ['1100', '1101']);
    const linked = newly('connected to Asterisk');
    await setPassword(password);
    await linked;
    await flows(receiver, ['1100', '1101']);
    await stays.caller.hangUp();
    for (const heard of await receiver.ended(['1100', '1101'])) expectExact(heard);
    await expectUnharmed(stays, ends, starts);
    await nothingLeft(lab);
    expect(receiver.faults).toEqual([]);
    expect(addOn.lines.filter((line) => line.level === 'error')).toEqual([]);
    expect(addOn.output).not.toContain('another-password-0815');
  },
  TEST_LIMIT_MS,
);

test(
  'more events than the add-on takes: Asterisk gives the event WebSocket up, and the picture is right afterwards',
  async () => {
    // Straight to Asterisk: a proxy would take the events in its place.
    const receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
    const addOn = await AddOn.linked(lab, receiver, {
      asterisk: { app: 'flooded' },
      streaming: { subscriptions: { extensions: ['_110X'] } },
    });
    const stays = await noiseCall(lab, receiver, '1100', '1101');
    const ends = await noiseCall(lab, receiver, '1102', '1103');

    addOn.signal('SIGSTOP');
    const flood = { endpoint: 'Local/go@flood', extension: 'go', context: 'flood', priority: '1' };
    for (let n = 0; n < FLOODING_CHANNELS; n++) await lab.pbxAri.request('POST', 'channels', flood);
    await ends.caller.hangUp();
    const starts = await noiseCall(lab, undefined, '1104', '1105');
    const given = 'Problem occurred during websocket write';
    await until('Asterisk has given it up', async () => (await readFile(lab.pbx.logFile, 'utf8')).includes(given));
    addOn.signal('SIGCONT');

    await addOn.reports('ARI_CONNECTION_LOST', 30_000);
    await receiver.ended(['1102', '1103']);
    await flows(receiver, ['1100', '1101', '1104', '1105']);
    await Promise.all([stays.caller.hangUp(), starts.caller.hangUp()]);
    for (const heard of await receiver.ended(['1100', '1101'])) expectExact(heard);
    for (const heard of await receiver.ended(['1104', '1105'])) expectExactPiece(heard);
    await expectUnharmed(stays, ends, starts);
    await nothingOf(lab, 'flooded');
    expect(addOn.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(await addOn.stop()).toBe(0);
    expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
    await receiver.stop();
  },
  TEST_LIMIT_MS,
);
