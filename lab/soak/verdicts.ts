/** Judges each conversation once it is over: by what its phones heard, and by what the receiver got of them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HEARD_RATE, type Leg } from '../leg.js';
import { longestQuiet, type Shortfall, shortfallOf } from '../shortfall.js';
import type { AddOnLife } from './add-on-life.js';
import type { Pair } from './conversations.js';
import type { CountingReceiver } from './counting-receiver.js';
import { excusesFor, type StruckFault } from './excuses.js';
import type { StreamRecord } from './life-record.js';
import type { ReceivedStream } from './received-stream.js';
import type { PlannedCall } from './soak-plan.js';

/** A conversation that is over. Times are Unix times in ms. */
export interface Outcome {
  readonly call: PlannedCall;
  readonly begunAt: number;
  readonly endedAt: number;
  /** Why it did not go as planned. */
  readonly failure: string | undefined;
  readonly pair: Pair | undefined;
  /** Ended before its time, because the soak was. */
  readonly wasBrokenOff: boolean;
}

export interface VerdictSources {
  readonly receiver: CountingReceiver;
  readonly faults: readonly StruckFault[];
  readonly lives: () => readonly AddOnLife[];
  /** What a number plays, at HEARD_RATE. */
  readonly playedBy: (number: string) => Int16Array;
  /** How long a thread of Asterisk had to wait for a processor between two Unix times in ms, at worst; in ms. */
  readonly lateBetween: (from: number, to: number) => number;
  /** Where the phones' recordings lie. */
  readonly recordings: string;
}

/** The longest gap that a telephone call may have, in ms. */
const GAP_LIMIT_MS = 60;
/** A frame lost by Asterisk's snoop, on a busy machine one in some 30 000; two of them in one stream are possible. */
const UNCOUNTED_LIMIT_MS = 60;
/** The time of a gap is known to within this. */
const AROUND_MS = 500;
/** A machine that keeps a thread of Asterisk waiting for so long delays a frame of 20 ms by two more. */
const BUSY_MS = 40;
/** A fault may be felt for so long. */
const SHORTLY_BEFORE_MS = 2_000;
/** What is said in the last moment before the phones hang up may be on its way, and a busy phone plays late. */
const LAST_MOMENT_MS = 1_500;

export class Verdicts {
  readonly problems: string[] = [];
  /** Conversations that went as planned, those that faults excuse, and those that nothing excuses. */
  readonly conversations = { good: 0, excused: 0, failed: 0 };
  /** Ears that heard all that they should. */
  readonly phones = { judged: 0, longestGapMs: 0, gapsOfBusyMachine: 0 };
  /** Streams held sample by sample against what was played. */
  readonly streams = { judged: 0, seconds: 0, uncountedMs: 0, ofBusyMachine: 0 };
  readonly #sources: VerdictSources;
  /** Whose streams are yet to be delivered. */
  #waiting: Outcome[] = [];

  constructor(sources: VerdictSources) {
    this.#sources = sources;
  }

  async take(outcome: Outcome): Promise<void> {
    const { call, begunAt, endedAt, failure } = outcome;
    const excuses = excusesFor('phones', this.#sources.faults, begunAt, endedAt);
    if (failure === undefined) this.conversations.good += 1;
    else if (excuses.length > 0) this.conversations.excused += 1;
    else {
      this.conversations.failed += 1;
      this.problems.push(`${nameOf(call)} did not go as planned: ${failure}`);
    }
    if (outcome.pair !== undefined && excuses.length === 0) await this.#judgePhones(outcome, outcome.pair);
    for (const { channelId } of outcome.pair ?? []) {
      await rm(join(this.#sources.recordings, `${channelId}-heard.sln16`), { force: true });
    }
    this.#waiting.push(outcome);
  }

  /** Looks at the streams that have been delivered; at the end at all, delivered or not. */
  judgeStreams(isEnd: boolean): void {
    this.#waiting = this.#waiting.filter((outcome) => {
      const parts = this.#partsOf(outcome);
      const isDelivered = parts.every(({ life, stream }) => life.hasEnded || life.record.deliveries.has(stream.callid));
      if (!isEnd && (Date.now() - outcome.endedAt < LAST_MOMENT_MS || !isDelivered)) return true;
      if (outcome.call.kind === 'internal' && outcome.failure === undefined) this.#judge(outcome, parts);
      for (const { life, stream } of parts) this.#receivedOf(life, stream)?.forgetSamples();
      return false;
    });
  }

  async #judgePhones(outcome: Outcome, [caller, callee]: Pair): Promise<void> {
    for (const [ear, mouth] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      const heard = await ear.heard();
      this.phones.judged += 1;
      const { length, beforeEnd } = longestQuiet(heard, HEARD_RATE);
      this.#tellHarm(outcome, ear, length, 'silence', outcome.endedAt - beforeEnd);
      if (outcome.call.kind !== 'internal') continue;
      const { longestSkip, foreign } = shortfallOf(heard, this.#sources.playedBy(mouth.number), HEARD_RATE);
      this.#tellHarm(outcome, ear, longestSkip, 'audio never heard');
      this.#tellHarm(outcome, ear, foreign, 'sound of somebody else');
    }
  }

  /** `at` is the Unix time in ms at which it was over, when that is known. */
  #tellHarm({ call, begunAt, endedAt }: Outcome, ear: Leg, ms: number, what: string, at?: number): void {
    const [gapFrom, gapTo] = at === undefined ? [begunAt, endedAt] : [at - ms - AROUND_MS, at + AROUND_MS];
    const late = this.#sources.lateBetween(gapFrom, gapTo);
    if (ms > GAP_LIMIT_MS && late >= BUSY_MS) {
      this.phones.gapsOfBusyMachine += 1;
      return;
    }
    this.phones.longestGapMs = Math.max(this.phones.longestGapMs, ms);
    if (ms <= GAP_LIMIT_MS) return;
    const [from, to] = at === undefined ? [begunAt, endedAt] : [at - ms - SHORTLY_BEFORE_MS, at];
    const faults = this.#sources.faults.filter((fault) => fault.begunAt <= to && (fault.endedAt ?? to) >= from);
    const meanwhile = faults.map(({ kind }) => kind).join(', ') || 'no fault';
    const when = at === undefined ? '' : ` at ${new Date(at).toISOString()}`;
    this.problems.push(
      `${nameOf(call)}: ${ear.number} had ${Math.round(ms)} ms of ${what}${when}; meanwhile ${meanwhile}`,
    );
  }

  /** The streams of its parties, over all lives of the add-on. */
  #partsOf({ call, begunAt, endedAt }: Outcome): { readonly life: AddOnLife; readonly stream: StreamRecord }[] {
    return this.#sources
      .lives()
      .flatMap((life) =>
        life.record.streams
          .filter(({ number, begunAt: at }) => call.parties.includes(number) && at >= begunAt && at <= endedAt)
          .map((stream) => ({ life, stream })),
      );
  }

  #receivedOf({ name }: AddOnLife, { callid, channel }: StreamRecord): ReceivedStream | undefined {
    return this.#sources.receiver.find(name, callid, channel)?.stream;
  }

  #judge(outcome: Outcome, parts: readonly { readonly life: AddOnLife; readonly stream: StreamRecord }[]): void {
    const { faults, playedBy } = this.#sources;
    const { call, begunAt, endedAt } = outcome;
    const isExcused = excusesFor('streams', faults, begunAt, endedAt).length > 0;
    for (const number of call.parties) {
      const ofNumber = parts.filter(({ stream }) => stream.number === number);
      if (!isExcused && ofNumber.length !== 1) {
        this.problems.push(`${nameOf(call)}: ${number} had ${ofNumber.length} streams instead of one`);
      }
      for (const { life, stream } of ofNumber) {
        const received = this.#receivedOf(life, stream);
        const delivery = life.record.deliveries.get(stream.callid);
        const isCounted = delivery === undefined || delivery.dropped + delivery.unconfirmed > 0 || stream.lostMs > 0;
        if (received !== undefined && !isExcused && !isCounted) {
          this.#tellShortfall(outcome, number, shortfallOf(received.samples, playedBy(number), HEARD_RATE));
        }
      }
    }
  }

  #tellShortfall(outcome: Outcome, number: string, { skipped, foreign, begin, end }: Shortfall): void {
    this.streams.judged += 1;
    this.streams.seconds += (end - begin) / 1000;
    const { call, wasBrokenOff, begunAt, endedAt } = outcome;
    const missing = skipped + foreign + begin;
    if (missing > UNCOUNTED_LIMIT_MS && this.#sources.lateBetween(begunAt, endedAt) >= BUSY_MS) {
      this.streams.ofBusyMachine += 1;
      return;
    }
    this.streams.uncountedMs += missing;
    const isShort = !wasBrokenOff && end < call.talkMs - LAST_MOMENT_MS;
    if (missing > UNCOUNTED_LIMIT_MS || isShort) {
      this.problems.push(
        `${nameOf(call)}: of ${number} came ${Math.round(begin)} to ${Math.round(end)} ms of what was played, without ${Math.round(skipped)} ms and with ${Math.round(foreign)} ms that was not, and nothing was counted as lost`,
      );
    }
  }
}

/** For a problem's text. */
export function nameOf({ serial, kind, parties }: PlannedCall): string {
  return `call ${serial} (${kind}, ${parties.join(' ')})`;
}
