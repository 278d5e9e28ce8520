/** Two programs on one Asterisk: under one name, under two, and with one folder for state. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { AddOn, type SettingsPart } from '../add-on.js';
import { expectUnharmed } from '../heard-by-phones.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExact, expectExactPiece, flows, NOISY_EXTENSIONS, noiseCall, RATE } from '../noise-call.js';
import { tapsInAsterisk } from './taps-in-asterisk.js';
import { TcpLine } from './tcp-line.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 60_000;
const PARTIES = ['1100', '1101'] as const;

let lab: Lab;
let stateDir: string;
const addOns: AddOn[] = [];
const receivers: ListeningReceiver[] = [];

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'two-programs-'));
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
afterEach(async () => {
  for (const addOn of addOns.splice(0)) {
    await addOn.stop();
    expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
    expect(addOn.output).not.toContain(lab.pbx.ari.password);
  }
  for (const receiver of receivers.splice(0)) await receiver.stop();
}, TEST_LIMIT_MS);
afterAll(async () => {
  await lab?.stop();
  await rm(stateDir, { recursive: true });
}, TEST_LIMIT_MS);

/** An add-on and a receiver of its own. */
async function start(settings: SettingsPart = {}): Promise<[AddOn, ListeningReceiver]> {
  const receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
  receivers.push(receiver);
  const addOn = await AddOn.start(lab, receiver, settings);
  addOns.push(addOn);
  return [addOn, receiver];
}

test(
  'two names: each streams the whole call to its own receiver, and the end of one means nothing to the other',
  async () => {
    const [first, firstReceiver] = await start({ asterisk: { app: 'first' } });
    const [second, secondReceiver] = await start({ asterisk: { app: 'second' } });
    await Promise.all([first, second].map((addOn) => addOn.says('connected to Asterisk')));
    const call = await noiseCall(lab, undefined, ...PARTIES);
    await Promise.all([firstReceiver, secondReceiver].map((receiver) => flows(receiver, PARTIES)));
    expect(await first.stop()).toBe(0);
    expect((await tapsInAsterisk(lab, 'first')).ids).toEqual([]);
    expect((await tapsInAsterisk(lab, 'second')).ids).toHaveLength(6);
    await flows(secondReceiver, PARTIES);
    await call.caller.hangUp();
    for (const receiver of [firstReceiver, secondReceiver]) {
      for (const stream of await receiver.ended(PARTIES)) expectExact(stream);
    }
    await expectUnharmed(call);
    await nothingLeft(lab);
    expect(second.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'one name, and the second starts while the first connects again: in the end the first goes on, the second says why it ends',
  async () => {
    const line = await new TcpLine(Number(new URL(lab.pbx.ari.url).port)).open();
    const [first, firstReceiver] = await start({ asterisk: { url: `http://127.0.0.1:${line.port}` } });
    await first.says('connected to Asterisk');
    const call = await noiseCall(lab, firstReceiver, ...PARTIES);
    await line.cut();
    await first.reports('ARI_CONNECTION_LOST');

    const [second, secondReceiver] = await start();
    await second.says('connected to Asterisk');
    await second.says('removed what was left in Asterisk');
    await flows(secondReceiver, PARTIES);
    await line.open();

    // What the first one finds under its name could be its own lost connection.
    expect(await second.exited).toBe(1);
    expect(second.text).toContain('ARI_APP_TAKEN: ');
    await flows(firstReceiver, PARTIES);
    await until('only one of them has taps', async () => {
      const { runs, ids } = await tapsInAsterisk(lab);
      return runs.length === 1 && ids.length === 6;
    });
    expect(call.caller.isUp && call.callee.isUp).toBe(true);
    await call.caller.hangUp();
    await firstReceiver.ended(PARTIES);
    await expectUnharmed(call);
    await nothingLeft(lab);
    expect(await first.stop()).toBe(0);
    for (const stream of secondReceiver.heard.values()) expectExactPiece(stream);
    await line.cut();
  },
  TEST_LIMIT_MS,
);

test(
  'one folder for state: the second says whose it is and ends, also after a crash of an earlier one; the first goes on',
  async () => {
    const shared = { stateDir, web: { listen: '127.0.0.1:0' } };
    const [crashed] = await start({ ...shared, asterisk: { app: 'crashed' } });
    await crashed.page();
    await crashed.stop('SIGKILL');
    const [first, receiver] = await start({ ...shared, asterisk: { app: 'first' } });
    await first.says('connected to Asterisk');
    const call = await noiseCall(lab, receiver, ...PARTIES);

    const [second] = await start({ ...shared, asterisk: { app: 'second' } });
    expect(await second.exited).toBe(1);
    expect(second.text).toContain('STATE_DIR_TAKEN: ');
    expect(second.text).toContain(`pid ${first.pid} `);
    expect(second.text).toContain(stateDir);

    await flows(receiver, PARTIES);
    await call.caller.hangUp();
    for (const stream of await receiver.ended(PARTIES)) expectExact(stream);
    await expectUnharmed(call);
    await nothingLeft(lab);
  },
  TEST_LIMIT_MS,
);
