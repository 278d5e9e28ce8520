/** Receivers that refuse, say nothing, talk too much, close oddly or reset again and again: four calls side by side. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { nothingLeft } from '../leftovers.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { expectExact, NOISY_EXTENSIONS, RATE } from '../noise-call.js';
import { type Account, FaultyCall, SECRET } from './faulty-call.js';
import { type Attempt, type Refusal, RefusingServer } from './refusing-server.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 120_000;
const STEP_LIMIT_MS = 60_000;
const AN_HOUR = { 'Retry-After': '3600' };
const REDIRECTS = [301, 307, 308];
/** Issue 6: pauses from 250 ms, doubling to 5 s; at least half of each, the rest by lot. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000];
/** What a busy machine adds: the time for an attempt itself, and timers that are late. */
const BUSY_MS = 1_500;
/** A timer may be a little early on another process's clock. */
const EARLY_MS = 15;
/** Issue 6: the limit of a connect. */
const CONNECT_LIMIT_MS = 6_000;
/** RFC 6455, 7.4, and what is not even allowed there; nothing is a Close frame without a code. */
const CLOSE_CODES = [1000, 1001, undefined, 1011, 1013, 4999, 999];
const MEBIBYTE = 1_048_576;
/** Of a whole process that reads some 50 MB and keeps nothing. */
const MOST_MEMORY_KIB = 400 * 1_024;

interface Refused extends Account {
  readonly attempts: readonly Attempt[];
  /** What all lines of the log say of connections. */
  readonly said: readonly string[];
}

let lab: Lab;
let elsewhere: ListeningReceiver;
const begun: Promise<unknown>[] = [];
let refused: Promise<Refused>;
let unanswered: Promise<Refused>;
let odd: Promise<Account & { readonly said: readonly string[]; readonly memoryKib: number }>;
let resetting: Promise<Account & { readonly unconfirmedDials: number; readonly confirmedDials: number }>;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
  elsewhere = await new ListeningReceiver({ sampleRate: RATE }).start();
  const Location = elsewhere.address;
  // All programs are up before the first call is: their start takes the processor from those that telephone.
  const first = await FaultyCall.prepare(lab, ['1100', '1101']);
  const second = await FaultyCall.prepare(lab, ['1102', '1103']);
  const third = await FaultyCall.prepare(lab, ['1104', '1105']);
  const fourth = await FaultyCall.prepare(lab, ['1106', '1107']);
  refused = awaitedLater(
    refuse(first, [
      ...[401, 403, 404].map((status) => ({ status })),
      ...[429, 503].map((status) => ({ status, headers: AN_HOUR })),
      ...REDIRECTS.map((status) => ({ status, headers: { Location } })),
    ]),
  );
  unanswered = awaitedLater(refuse(second, ['silence', 'silence']));
  odd = awaitedLater(talkOddly(third));
  resetting = awaitedLater(resetAgainAndAgain(fourth));
}, START_LIMIT_MS);
afterAll(async () => {
  await Promise.allSettled(begun);
  await elsewhere?.stop();
  await lab?.stop();
}, TEST_LIMIT_MS);

/** One that fails early must not end the others: its test will say so. */
function awaitedLater<T>(outcome: Promise<T>): Promise<T> {
  outcome.catch(() => undefined);
  begun.push(outcome);
  return outcome;
}

/** Refuses a call from its beginning on, each attempt in another way, and then takes it. */
async function refuse(call: FaultyCall, refusals: readonly Refusal[]): Promise<Refused> {
  await call.receiver.stop();
  const server = await RefusingServer.start(call.receiver.address, refusals);
  try {
    await call.begin({ isHeard: false });
    const isDone = (): boolean =>
      server.attempts.length >= refusals.length && server.attempts.every(({ endedAt }) => endedAt !== undefined);
    await until('every refusal was met', isDone, STEP_LIMIT_MS);
    await server.stop();
    await call.receiver.start();
    await call.addOn.says('the receiver is back');
    await call.flows();
    const account = await call.end();
    return { ...account, attempts: server.attempts, said: messagesOf(call) };
  } finally {
    await server.stop();
    await call.stop();
  }
}

async function talkOddly(call: FaultyCall) {
  const { receiver } = call;
  try {
    await call.begin();
    for (const code of CLOSE_CODES) await costsAConnection(call, () => receiver.sendGarbage(closeFrame(code)));
    await costsAConnection(call, () => receiver.say(Buffer.alloc(2 * MEBIBYTE)));
    for (let n = 0; n < 50; n++) receiver.say('x'.repeat(MEBIBYTE));
    await call.flows();
    const status = await readFile(`/proc/${call.addOn.pid}/status`, 'utf8');
    const memoryKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
    return { ...(await call.end()), said: messagesOf(call), memoryKib };
  } finally {
    await call.stop();
  }
}

/** After it the add-on connects again, and audio flows. */
async function costsAConnection(call: FaultyCall, action: () => void): Promise<void> {
  const { upgrades } = call.receiver;
  const before = upgrades.length;
  action();
  await until('the add-on has connected again', () => upgrades.length > before, STEP_LIMIT_MS);
  await call.flows(10);
}

async function resetAgainAndAgain(call: FaultyCall) {
  const { receiver } = call;
  const { upgrades } = receiver;
  const dials = async (count: number): Promise<number> => {
    const before = { dials: upgrades.length, at: performance.now() };
    await until(`${count} more connections`, () => upgrades.length >= before.dials + count, STEP_LIMIT_MS);
    return performance.now() - before.at;
  };
  try {
    await call.begin();
    receiver.resetsAfter = 'message';
    receiver.sendGarbage();
    const unconfirmedDials = await dials(6);
    receiver.resetsAfter = 'ping';
    const confirmedDials = await dials(12);
    receiver.resetsAfter = undefined;
    await call.flows(100);
    return { ...(await call.end()), unconfirmedDials, confirmedDials };
  } finally {
    await call.stop();
  }
}

function closeFrame(code: number | undefined): Buffer {
  return code === undefined ? Buffer.of(0x88, 0) : Buffer.of(0x88, 2, code >> 8, code & 0xff);
}

function messagesOf(call: FaultyCall): string[] {
  return call.addOn.lines.map(({ code, message }) => `${String(code)} ${message}`);
}

function expectWhole({ streams, produced, reported }: Account): void {
  for (const stream of streams) expectExact(stream);
  expect(streams.map(({ fragments }) => fragments.length)).toEqual([...produced]);
  expect(reported).toMatchObject({ dropped: 0, unconfirmed: 0 });
}

test(
  'refused with 401, 403, 404, 429, 503 and redirects: each is told, none ends the attempts, and nothing is lost',
  async () => {
    const { said, ...account } = await refused;
    for (const [status, code] of [
      [401, 'RECEIVER_WRONG_SECRET'],
      [403, 'RECEIVER_WRONG_SECRET'],
      ...[404, 429, 503, ...REDIRECTS].map((one) => [one, 'RECEIVER_REJECTED']),
    ]) {
      const told = said.filter((line) => line.includes(`HTTP status ${status}`));
      expect(told).not.toEqual([]);
      expect(told.every((line) => line.startsWith(`${code} `))).toBe(true);
    }
    expectWhole(account);
    expect(account.repeats).toBe(0);
  },
  TEST_LIMIT_MS,
);

test(
  'no redirect is followed: the secret goes to the server of the settings only',
  async () => {
    const { attempts } = await refused;
    expect(attempts.every(({ headers }) => headers['x-api-key'] === SECRET)).toBe(true);
    expect(elsewhere.upgrades).toEqual([]);
  },
  TEST_LIMIT_MS,
);

test(
  'the pauses between attempts double from 250 ms to 5 s, by lot down to a half; Retry-After does not stretch them',
  async () => {
    const { attempts } = await refused;
    const pauses = attempts.slice(1).map(({ at }, index) => at - (attempts[index]?.at ?? 0));
    const shares = pauses.map((pause, index) => {
      const full = PAUSES_MS[index] ?? Number.NaN;
      expect(pause).toBeGreaterThanOrEqual(full / 2 - EARLY_MS);
      expect(pause).toBeLessThanOrEqual(full + BUSY_MS);
      return pause / full;
    });
    expect(shares).toHaveLength(PAUSES_MS.length);
    // Without a lot all of them would be whole ones.
    expect(Math.min(...shares)).toBeLessThan(0.95);
  },
  TEST_LIMIT_MS,
);

test(
  'a server that takes the connection and never answers the upgrade is given up after 6 s, and nothing is lost',
  async () => {
    const { attempts, said, ...account } = await unanswered;
    for (const { at, endedAt = Number.NaN } of attempts) {
      expect(endedAt - at).toBeGreaterThanOrEqual(CONNECT_LIMIT_MS - BUSY_MS);
      expect(endedAt - at).toBeLessThanOrEqual(CONNECT_LIMIT_MS + BUSY_MS);
    }
    expect(said.some((line) => /^RECEIVER_TIMEOUT .*handshake/.test(line))).toBe(true);
    expectWhole(account);
    expect(account.repeats).toBe(0);
  },
  TEST_LIMIT_MS,
);

test(
  'closed in mid-call with any code, or after too long a message: each costs a connection, and nothing is lost',
  async () => {
    const { said, memoryKib, ...account } = await odd;
    for (const words of ['(1000)', '(1001)', '(1005)', '(1011)', '(1013)', '(4999)', 'invalid status code 999']) {
      expect(said.filter((line) => line.startsWith('RECEIVER_CONNECTION_LOST') && line.includes(words))).toHaveLength(
        1,
      );
    }
    expect(said.some((line) => line.startsWith('RECEIVER_CONNECTION_LOST') && /max payload/i.test(line))).toBe(true);
    expectWhole(account);
    expect(account.reported.reconnects).toBe(CLOSE_CODES.length + 1);
    expect(memoryKib).toBeLessThan(MOST_MEMORY_KIB);
  },
  TEST_LIMIT_MS,
);

test(
  'reset after each message: attempts as seldom as when it is down; with a pong before it, each brings audio; nothing is lost',
  async () => {
    const { unconfirmedDials, confirmedDials, ...account } = await resetting;
    // Six attempts: the first at once, then five pauses of which each is at least a half.
    expect(unconfirmedDials).toBeGreaterThanOrEqual(125 + 250 + 500 + 1_000 + 2_000 - EARLY_MS);
    expect(confirmedDials).toBeGreaterThanOrEqual(11 * 125 - EARLY_MS);
    expectWhole(account);
  },
  TEST_LIMIT_MS,
);

test(
  'nothing is left in the PBX',
  async () => {
    await Promise.allSettled(begun);
    await nothingLeft(lab);
    expect(lab.problems).toEqual([]);
  },
  TEST_LIMIT_MS,
);
