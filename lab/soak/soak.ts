/** One soak: carries out its plan on a real world, waits until all is idle again, and says whether everything adds up. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Leg } from '../leg.js';
import { until } from '../until.js';
import type { Totals } from './accounts.js';
import { type AsteriskObjects, leftBehind, objectsIn } from './asterisk-objects.js';
import { converse } from './conversations.js';
import type { StruckFault } from './excuses.js';
import type { FaultKind, FaultPart } from './fault-kinds.js';
import { faultTraits } from './fault-kinds.js';
import { strike } from './faults.js';
import { accountOfAll, leftOpen, problemsOfMetrics, untilIdle } from './final-accounts.js';
import { type IdleFigures, type LeakFigures, leakFigures, leaksIn, leftInIdle } from './leaks.js';
import { RunQueue } from './run-queue.js';
import { type PlannedCall, type PlannedFault, planSoak, type SoakPlan, type SoakPlanOptions } from './soak-plan.js';
import type { SoakWorld } from './soak-world.js';
import { nameOf, Verdicts } from './verdicts.js';
import { type Sample, sampleOf } from './watch.js';

export interface SoakResult {
  readonly plan: SoakPlan;
  /** ms of the machine's time that it ran, without what came before and after. */
  readonly ranMs: number;
  /** Everything that does not add up; empty in a good soak. */
  readonly problems: readonly string[];
  readonly conversations: Verdicts['conversations'];
  /** Planned calls for which a phone was still busy. */
  readonly notPlaced: number;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly lives: number;
  readonly totals: Totals;
  readonly phones: Verdicts['phones'];
  readonly streams: Verdicts['streams'];
  readonly leaks: LeakFigures;
  readonly fresh: IdleFigures | undefined;
  readonly idle: IdleFigures | undefined;
  /** The longest that a thread of Asterisk was ready to run and had no processor, in ms. */
  readonly longestWaitMs: number;
  /** The most that was there at once, in bytes. */
  readonly mostRss: number;
}

/** What a line of progress tells. */
export interface SoakNow {
  readonly atMs: number;
  readonly callsUp: number;
  readonly callsPlaced: number;
  readonly faults: number;
  /** All that did not add up so far. */
  readonly problems: readonly string[];
  readonly sample: Sample | undefined;
}

interface Conversation {
  readonly call: PlannedCall;
  readonly legs: readonly Leg[];
  readonly over: Promise<void>;
}

const SAMPLE_EVERY_MS = 5_000;
const FRESH_AFTER_MS = 2_000;
const LAST_CALLS_LIMIT_MS = 120_000;

export class Soak {
  readonly #world: SoakWorld;
  readonly #options: SoakPlanOptions;
  readonly #plan: SoakPlan;
  readonly #signal: AbortSignal;
  readonly #onProgress: (now: SoakNow) => void;
  readonly #runQueue: RunQueue;
  readonly #verdicts: Verdicts;
  readonly #problems: string[] = [];
  readonly #struck: StruckFault[] = [];
  readonly #samples: Sample[] = [];
  readonly #busy = new Set<string>();
  readonly #conversations = new Set<Conversation>();
  readonly #strikes = new Map<FaultPart, Promise<void>>();
  #begunAt = 0;
  #placed = 0;
  #notPlaced = 0;

  /** The signal ends it early, in order. */
  constructor(world: SoakWorld, options: SoakPlanOptions, signal: AbortSignal, onProgress: (now: SoakNow) => void) {
    this.#world = world;
    this.#options = options;
    this.#plan = planSoak(options);
    this.#signal = signal;
    this.#onProgress = onProgress;
    const { receiver, service, playedBy, recordings } = world;
    this.#runQueue = new RunQueue(() => world.asterisks());
    const lateBetween = (from: number, to: number) => this.#runQueue.longestBetween(from, to);
    this.#verdicts = new Verdicts({
      receiver,
      faults: this.#struck,
      lives: () => service.lives,
      playedBy,
      lateBetween,
      recordings,
    });
  }

  async run(): Promise<SoakResult> {
    try {
      return await this.#run();
    } finally {
      this.#runQueue.stop();
    }
  }

  async #run(): Promise<SoakResult> {
    const { service, lab } = this.#world;
    const before = await objectsIn(lab);
    await service.start();
    await wait(FRESH_AFTER_MS, this.#signal);
    const fresh = await this.#idleFigures();

    this.#begunAt = performance.now();
    const over = new AbortController();
    const watching = this.#watch(over.signal);
    await Promise.all([this.#placeCalls(), this.#breakThings()]);
    const ranMs = performance.now() - this.#begunAt;
    await this.#lastCalls();
    over.abort();
    await watching;

    const idle = await this.#endIdle();
    await service.end('SIGTERM');
    const left = await this.#leftInAsterisk(before);
    this.#verdicts.judgeStreams(true);
    return this.#result(ranMs, left, fresh, idle);
  }

  async #placeCalls(): Promise<void> {
    for (const call of this.#plan.calls) {
      await this.#untilTime(call.atMs);
      if (this.#signal.aborted) return;
      if (call.parties.some((party) => this.#busy.has(party))) {
        this.#notPlaced += 1;
        continue;
      }
      const legs: Leg[] = [];
      const over = this.#converse(call, legs).finally(() => this.#conversations.delete(conversation));
      const conversation = { call, legs, over };
      this.#conversations.add(conversation);
    }
    await this.#untilTime(this.#plan.lengthMs);
  }

  async #converse(call: PlannedCall, legs: Leg[]): Promise<void> {
    this.#placed += 1;
    for (const party of call.parties) this.#busy.add(party);
    const begunAt = Date.now();
    let [failure, pair]: [string | undefined, Awaited<ReturnType<typeof converse>>] = [undefined, undefined];
    try {
      const { lab, voiceOf } = this.#world;
      pair = await converse({ lab, voiceOf, signal: this.#signal }, call, legs);
    } catch (error) {
      if (!this.#signal.aborted) failure = error instanceof Error ? error.message : String(error);
    }
    const endedAt = Date.now();
    for (const party of call.parties) this.#busy.delete(party);
    await this.#verdicts.take({ call, begunAt, endedAt, failure, pair, wasBrokenOff: this.#signal.aborted });
  }

  /** Faults of one part wait for one another, should the machine be slower than the plan. */
  async #breakThings(): Promise<void> {
    for (const fault of this.#plan.faults) {
      await this.#untilTime(fault.atMs);
      if (this.#signal.aborted) break;
      const { part } = faultTraits(fault.kind);
      this.#strikes.set(
        part,
        (this.#strikes.get(part) ?? Promise.resolve()).then(() => this.#strike(fault)),
      );
    }
    await Promise.all(this.#strikes.values());
  }

  async #strike(fault: PlannedFault): Promise<void> {
    if (this.#signal.aborted) return;
    const struck: StruckFault = { kind: fault.kind, begunAt: Date.now(), endedAt: undefined };
    this.#struck.push(struck);
    const { lab, receiver, service, line, phones } = this.#world;
    try {
      await strike({ lab, receiver, service, line, extensions: phones, signal: this.#signal }, fault);
    } catch (error) {
      this.#problems.push(`fault ${fault.serial} (${fault.kind}): ${error instanceof Error ? error.message : error}`);
    }
    struck.endedAt = Date.now();
  }

  async #watch(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const sample = await sampleOf(this.#world.service.life, this.#begunAt);
      if (sample !== undefined) this.#samples.push(sample);
      this.#verdicts.judgeStreams(false);
      this.#onProgress({
        atMs: performance.now() - this.#begunAt,
        callsUp: this.#conversations.size,
        callsPlaced: this.#placed,
        faults: this.#struck.length,
        problems: this.#allProblems(),
        sample,
      });
      await wait(SAMPLE_EVERY_MS, over);
    }
  }

  async #lastCalls(): Promise<void> {
    const all = Promise.all([...this.#conversations].map(({ over }) => over)).then(() => true);
    if (await Promise.race([all, pause(LAST_CALLS_LIMIT_MS, false, { ref: false })])) return;
    for (const { call, legs } of this.#conversations) {
      const ends = legs.map(({ state }) => state).join('; ') || 'nobody has answered';
      this.#problems.push(`${nameOf(call)} did not come to an end: ${ends}`);
    }
  }

  /** What there is when every call is over; undefined when the add-on is not there. */
  async #endIdle(): Promise<IdleFigures | undefined> {
    const { service, receiver } = this.#world;
    const { life } = service;
    if (life === undefined) {
      this.#problems.push('at the end the add-on does not run');
      return undefined;
    }
    const unfinished = await untilIdle(life, receiver);
    this.#problems.push(...unfinished);
    if (unfinished.length === 0) this.#problems.push(...(await problemsOfMetrics(life)));
    return this.#idleFigures();
  }

  /** In words, once it has had time to remove what it removes. */
  async #leftInAsterisk(before: AsteriskObjects): Promise<readonly string[]> {
    const { lab } = this.#world;
    let left: readonly string[] = [];
    const isClean = async (): Promise<boolean> => {
      left = leftBehind(before, await objectsIn(lab));
      return left.length === 0;
    };
    await until('nothing is left in Asterisk', isClean).catch(() => undefined);
    return left;
  }

  async #idleFigures(): Promise<IdleFigures | undefined> {
    const sample = await sampleOf(this.#world.service.life, this.#begunAt);
    return sample?.live === undefined ? undefined : { live: sample.live, handles: sample.handles };
  }

  #allProblems(): string[] {
    const { service, lab, receiver } = this.#world;
    const { past, life } = service;
    const said = life === undefined ? [] : life.record.problems.map((problem) => `${life.name}: ${problem}`);
    const { problems } = accountOfAll(past, receiver);
    const phones = lab.problems.map((problem) => `the phones: ${problem}`);
    return [...this.#problems, ...service.problems, ...this.#verdicts.problems, ...problems, ...said, ...phones];
  }

  #result(
    ranMs: number,
    left: readonly string[],
    fresh: IdleFigures | undefined,
    idle: IdleFigures | undefined,
  ): SoakResult {
    const { service, receiver } = this.#world;
    const leaks = leakFigures(this.#samples, this.#options.compression);
    const lastCalls = service.past.at(-1)?.life.record.deliveries.size ?? 0;
    const grown = fresh === undefined || idle === undefined ? [] : leftInIdle(fresh, idle, lastCalls);
    const faults: Partial<Record<FaultKind, number>> = {};
    for (const { kind } of this.#struck) faults[kind] = (faults[kind] ?? 0) + 1;
    return {
      plan: this.#plan,
      ranMs,
      problems: [...this.#allProblems(), ...leftOpen(service.past, receiver), ...left, ...leaksIn(leaks), ...grown],
      conversations: this.#verdicts.conversations,
      notPlaced: this.#notPlaced,
      faults,
      lives: service.past.length,
      totals: accountOfAll(service.past, receiver).totals,
      phones: this.#verdicts.phones,
      streams: this.#verdicts.streams,
      leaks,
      fresh,
      idle,
      longestWaitMs: Math.max(0, ...this.#runQueue.waits.map(({ ms }) => ms)),
      mostRss: Math.max(0, ...this.#samples.map(({ rss }) => rss)),
    };
  }

  async #untilTime(atMs: number): Promise<void> {
    await wait(this.#begunAt + atMs - performance.now(), this.#signal);
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
}
