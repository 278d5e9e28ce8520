/** The line to the receiver breaks without a word, carries less than the call says, or has nothing to carry: three calls side by side. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DistantHost, makeDistantHost } from '../../../lab/distant-host.js';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { nothingLeft } from '../leftovers.js';
import { expectExact, NOISY_EXTENSIONS } from '../noise-call.js';
import { type Account, FaultyCall } from './faulty-call.js';
import { holesIn, isOfTheSnoop } from './holes.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 150_000;
const STEP_LIMIT_MS = 40_000;
/** Issue 6. */
const CONNECT_LIMIT_MS = 6_000;
const PONG_LIMIT_MS = 15_000;
const LIVENESS_MS = 15_000;
/** What a busy machine adds to a timer. */
const BUSY_MS = 1_500;
/** A timer may be a little early on another clock. */
const EARLY_MS = 50;
const SLOW_LINK = { delayMs: 20, bitsPerSecond: 64_000 };
/** Of each party; it takes the link a quarter of a minute, in which several buffers of audio are lost. */
const SLOW_FRAGMENTS = 30;
const LOST_MEANWHILE = 150;
const FRAGMENT_SAMPLES = 640;
const MOST_MEMORY_KIB = 300 * 1_024;

interface Severed extends Account {
  /** How long it took until the log told of it, in ms. */
  readonly noConnection: number;
  readonly noAnswer: number;
}

let lab: Lab;
let hosts: DistantHost[] = [];
let severed: Promise<Severed>;
let idle: Promise<Account & { readonly pauses: readonly number[] }>;
let slow: Promise<Account & { readonly memoryKib: number; readonly said: readonly string[] }>;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  hosts = [await makeDistantHost({ delayMs: 1 }), await makeDistantHost(SLOW_LINK)];
  const [sound, narrow] = hosts;
  if (sound === undefined || narrow === undefined) throw new Error('unreachable');
  severed = severLine(sound);
  slow = streamSlowly(narrow);
  idle = streamNothing();
  // Each test awaits its own; one that fails early must not end the others.
  for (const outcome of [severed, slow, idle]) outcome.catch(() => undefined);
}, START_LIMIT_MS);
afterAll(async () => {
  await Promise.allSettled([severed, slow, idle]);
  for (const host of hosts) await host.remove();
  await lab?.stop();
}, TEST_LIMIT_MS);

/** Cuts the line before the call begins, mends it, cuts it in mid-call, and mends it again. */
async function severLine(host: DistantHost): Promise<Severed> {
  const call = await FaultyCall.prepare(lab, ['1100', '1101'], {}, { host: host.far, listening: await host.listen() });
  const said = (): string[] => call.addOn.lines.map(({ message }) => message);
  /** Waits for one more message with these words. */
  const saysAgain = async (words: string): Promise<number> => {
    const count = (): number => said().filter((message) => message.includes(words)).length;
    const [before, begin] = [count(), performance.now()];
    await call.addOn.logs(`once more "${words}"`, () => count() > before, STEP_LIMIT_MS);
    return performance.now() - begin;
  };
  try {
    host.cut(true);
    await call.begin({ isHeard: false });
    await saysAgain('does not answer in time');
    const noConnection = await saysAgain('does not answer in time');
    host.cut(false);
    await call.addOn.says('the receiver is back');
    await call.flows();

    host.cut(true);
    const noAnswer = await saysAgain('left a ping unanswered');
    host.cut(false);
    await saysAgain('the receiver is back');
    await call.flows();
    return { ...(await call.end()), noConnection, noAnswer };
  } finally {
    await call.stop();
  }
}

async function streamSlowly(host: DistantHost) {
  const changes = { streaming: { bufferSeconds: 1 } };
  const call = await FaultyCall.prepare(lab, ['1102', '1103'], changes, {
    host: host.far,
    listening: await host.listen(),
  });
  try {
    await call.begin({ isHeard: false });
    const hasCome = (number: string): boolean =>
      [...call.receiver.heard.values()].some((one) => one.number === number && one.fragments.length >= SLOW_FRAGMENTS);
    await until('enough has come over the line', () => call.parties.every(hasCome), STEP_LIMIT_MS);
    const memoryKib = await memoryOf(call.addOn.pid);
    const account = await call.end();
    return { ...account, memoryKib, said: call.addOn.lines.map(({ code, message }) => `${String(code)} ${message}`) };
  } finally {
    await call.stop();
  }
}

/** Hangs up the add-on's own channels until it makes no others: from then on there is a connection, and no audio. */
async function streamNothing() {
  const call = await FaultyCall.prepare(lab, ['1104', '1105']);
  const { addOn, receiver } = call;
  try {
    await call.begin();
    await until(
      'no tap is made any more',
      async () => {
        const channels = await lab.pbxAri.request<{ id: string; name: string }[]>('GET', 'channels');
        const taps = channels.filter(({ id, name }) => name.startsWith('UnicastRTP/') && id.includes('fault-1104'));
        await Promise.allSettled(taps.map(({ id }) => lab.pbxAri.request('DELETE', `channels/${id}`)));
        return addOn.lines.filter(({ code }) => code === 'TAP_FAILED').length === call.parties.length;
      },
      STEP_LIMIT_MS,
    );
    const before = receiver.pings.length;
    await until('it was pinged twice', () => receiver.pings.length >= before + 2, 4 * LIVENESS_MS);
    const pauses = receiver.pings.slice(before + 1).map((at, index) => at - (receiver.pings[before + index] ?? 0));
    return { ...(await call.end()), pauses };
  } finally {
    await call.stop();
  }
}

/** The most memory that a process has had, in KiB. */
async function memoryOf(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

test(
  'packets to the receiver vanish when a call begins: each attempt is given up after 6 s; and in mid-call: noticed after 15 s; nothing is lost',
  async () => {
    const { noConnection, noAnswer, streams, produced, reported } = await severed;
    expect(noConnection).toBeGreaterThanOrEqual(CONNECT_LIMIT_MS - EARLY_MS);
    // From the first ping that goes unanswered, which follows the cut by less than a second.
    expect(noAnswer).toBeGreaterThanOrEqual(PONG_LIMIT_MS - 1_000);
    for (const stream of streams) expectExact(stream);
    expect(streams.map(({ fragments }) => fragments.length)).toEqual([...produced]);
    expect(reported).toEqual({ dropped: 0, unconfirmed: 0, reconnects: 1 });
  },
  TEST_LIMIT_MS,
);

test(
  'a link of 64 kbit/s: the connection lives, the oldest audio goes first, what is missing is what is counted, the newest arrives',
  async () => {
    const { streams, produced, repeats, reported, memoryKib, said } = await slow;
    expect(said.filter((line) => line.startsWith('RECEIVER_'))).toEqual([]);
    const missing = streams.map(({ fragments }, index) => (produced[index] ?? 0) - fragments.length);
    expect({ repeats, ...reported }).toEqual({
      repeats: 0,
      dropped: missing.reduce((sum, one) => sum + one, 0),
      unconfirmed: 0,
      reconnects: 0,
    });
    expect(reported.dropped).toBeGreaterThan(LOST_MEANWHILE);
    streams.forEach((stream, index) => {
      const inHoles = holesIn(stream).reduce((sum, { from, to }) => sum + to - from, 0);
      const silent = (missing[index] ?? 0) * FRAGMENT_SAMPLES - inHoles;
      expect({ silent, isWhole: isOfTheSnoop(silent) }).toEqual({ silent, isWhole: true });
    });
    expect(memoryKib).toBeLessThan(MOST_MEMORY_KIB);
  },
  TEST_LIMIT_MS,
);

test(
  'while there is no audio, the connection is pinged each 15 s, and lives',
  async () => {
    const { pauses, streams, produced, reported } = await idle;
    for (const pause of pauses) {
      expect(pause).toBeGreaterThanOrEqual(LIVENESS_MS - EARLY_MS);
      expect(pause).toBeLessThanOrEqual(LIVENESS_MS + BUSY_MS);
    }
    expect(streams.map(({ fragments }) => fragments.length)).toEqual([...produced]);
    expect(reported).toEqual({ dropped: 0, unconfirmed: 0, reconnects: 0 });
  },
  TEST_LIMIT_MS,
);

test(
  'nothing is left in the PBX',
  async () => {
    await Promise.allSettled([severed, slow, idle]);
    await nothingLeft(lab);
    expect(lab.problems).toEqual([]);
  },
  TEST_LIMIT_MS,
);
