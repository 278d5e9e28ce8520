/**
 * The whole system with a real Asterisk: calls that stand, and by turns nobody taps them, the program does, or Asterisk's
 * own WebSocket channel does. The Asterisk of the phones is no part of it and is not counted.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { pidOf } from '../../lab/asterisk/asterisk-process.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { figuresOf } from '../../lab/linux-process.js';
import { until } from '../../lab/until.js';
import type { SinkOptions } from '../media/sinks-words.js';
import { Child } from '../process/child.js';
import { costBetween } from '../process/cost.js';
import type { ProbeReading } from '../process/probe.js';
import type { Progress } from '../progress.js';
import { median, type PairedRatio, pairedRatio } from '../statistics.js';
import { BenchAddOn, mediaProgram } from './add-on.js';
import { PLAIN_DIALPLAN, phoneChannels, phonesFor, placeCalls, tapPieces } from './standing-calls.js';
import { WebSocketTaps, websocketConf } from './websocket-taps.js';

export interface SystemBenchOptions {
  /** Two-party calls, one benchmark for each number. */
  readonly calls: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  /** Not measured: after a change native bridges form again, and code is compiled. */
  readonly settleSeconds: number;
}

/** Shares of one core. */
export interface SystemCost {
  readonly asterisk: number;
  readonly addOn: number;
  readonly sink: number;
  /** Messages that came to the receiver, a second. */
  readonly messages: number;
}

export interface SystemRound {
  readonly untapped: SystemCost;
  readonly tapped: SystemCost;
  /** Straight from Asterisk's WebSocket channel; undefined where this Asterisk has none. */
  readonly websocket: SystemCost | undefined;
}

export interface SystemResult {
  readonly calls: number;
  readonly rounds: readonly SystemRound[];
  /** Medians of the rounds. */
  readonly untapped: SystemCost;
  readonly tapped: SystemCost;
  readonly websocket: SystemCost | undefined;
  /** The program against what the same taps cost Asterisk. */
  readonly addOnToAsterisk: PairedRatio | undefined;
  /** Asterisk, program and receiver against Asterisk's WebSocket channel and its receiver. */
  readonly toWebsocket: PairedRatio | undefined;
}

const TAP_LIMIT_MS = 60_000;

/** Gives the results and Asterisk's version. Throws LabUnavailable where there can be no Asterisk. */
export async function systemBench(
  options: SystemBenchOptions,
  progress: Progress,
): Promise<{ asterisk: string; results: SystemResult[] }> {
  const sink = new Child({ name: 'receiver', args: [mediaProgram('sink-main')] });
  let lab: Lab | undefined;
  try {
    const countOnly: SinkOptions = { participants: 0, capacity: 0, isStamped: false };
    const port = await sink.ask<number>('open', countOnly);
    lab = await startLab({
      progress: (line) => progress.say(line),
      extensions: phonesFor(Math.max(...options.calls)),
      pbxAdditions: { ...PLAIN_DIALPLAN, ...websocketConf(port) },
      endsOnSignals: false,
    });
    const results: SystemResult[] = [];
    for (const calls of options.calls) results.push(await withCalls(lab, sink, port, calls, options, progress));
    return { asterisk: lab.installation.version, results };
  } finally {
    await lab?.stop();
    await sink.stop('SIGKILL');
  }
}

async function withCalls(
  lab: Lab,
  sink: Child,
  port: number,
  calls: number,
  { rounds, seconds, settleSeconds }: SystemBenchOptions,
  progress: Progress,
): Promise<SystemResult> {
  progress.say(`whole system: placing ${calls} calls …`);
  const legs = await placeCalls(lab, calls);
  const meter = {
    signal: progress.signal,
    sink,
    pid: pidOf(lab.pbx),
    settleMs: settleSeconds * 1000,
    ms: seconds * 1000,
  };
  const done: SystemRound[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress.signal.throwIfAborted();
    const name = `whole system: ${calls} calls, round ${round} of ${rounds}`;
    progress.say(`${name}: untapped …`);
    const untapped = await measured(meter);
    progress.say(`${name}: tapped by ari-audio-stream …`);
    const tapped = await withAddOn(lab, `ws://127.0.0.1:${port}/`, calls, meter);
    progress.say(`${name}: tapped over chan_websocket …`);
    const websocket = await withWebSocket(lab, `${calls}-${round}`, meter, progress);
    done.push({ untapped, tapped, websocket });
  }
  await Promise.all(legs.map((leg) => leg.hangUp()));
  await until('all calls are over', async () => (await phoneChannels(lab)).length === 0, TAP_LIMIT_MS);
  return systemResult(calls, done);
}

interface Meter {
  readonly signal: AbortSignal;
  readonly sink: Child;
  readonly pid: number;
  readonly settleMs: number;
  readonly ms: number;
}

async function withAddOn(lab: Lab, url: string, calls: number, meter: Meter): Promise<SystemCost> {
  const addOn = await BenchAddOn.start({ ari: lab.pbx.ari, folder: lab.folder, url });
  try {
    const isAll = async (): Promise<boolean> => (await addOn.metric('participants_active')) === 2 * calls;
    await until('all participants are tapped', isAll, TAP_LIMIT_MS);
    return await measured(meter, addOn);
  } finally {
    await addOn.stop();
    await until('all taps are gone', async () => (await tapPieces(lab)) === 0, TAP_LIMIT_MS);
  }
}

async function withWebSocket(lab: Lab, run: string, meter: Meter, progress: Progress): Promise<SystemCost | undefined> {
  let taps: WebSocketTaps;
  try {
    taps = await WebSocketTaps.open(lab, await phoneChannels(lab), run);
  } catch (error) {
    progress.say(`whole system: this Asterisk cannot be tapped over chan_websocket: ${String(error)}`);
    return undefined;
  }
  try {
    return await measured(meter);
  } finally {
    await taps.close();
    await until('all taps are gone', async () => (await tapPieces(lab)) === 0, TAP_LIMIT_MS);
  }
}

async function measured({ signal, sink, pid, settleMs, ms }: Meter, addOn?: BenchAddOn): Promise<SystemCost> {
  await pause(settleMs, undefined, { signal });
  const look = async () => ({
    asterisk: cpuSecondsOf(pid),
    atMs: performance.now(),
    sink: await sink.ask<ProbeReading>('look'),
    messages: (await sink.ask<{ messages: number }>('counts')).messages,
    addOn: await addOn?.look(),
  });
  const from = await look();
  await pause(ms, undefined, { signal });
  const to = await look();
  const seconds = (to.atMs - from.atMs) / 1000;
  return {
    asterisk: (to.asterisk - from.asterisk) / seconds,
    addOn: from.addOn === undefined || to.addOn === undefined ? 0 : costBetween(from.addOn, to.addOn).cpu,
    sink: costBetween(from.sink, to.sink).cpu,
    messages: (to.messages - from.messages) / seconds,
  };
}

export function systemResult(calls: number, rounds: readonly SystemRound[]): SystemResult {
  const websockets = rounds.flatMap(({ websocket }) => websocket ?? []);
  return {
    calls,
    rounds,
    untapped: middle(rounds.map(({ untapped }) => untapped)),
    tapped: middle(rounds.map(({ tapped }) => tapped)),
    websocket: websockets.length === 0 ? undefined : middle(websockets),
    addOnToAsterisk: pairedRatio(
      rounds.map(({ untapped, tapped }) => [tapped.addOn, tapped.asterisk - untapped.asterisk]),
    ),
    toWebsocket: pairedRatio(
      rounds.flatMap(({ tapped, websocket }) => (websocket === undefined ? [] : [[sum(tapped), sum(websocket)]])),
    ),
  };
}

function sum({ asterisk, addOn, sink }: SystemCost): number {
  return asterisk + addOn + sink;
}

function middle(costs: readonly SystemCost[]): SystemCost {
  return {
    asterisk: median(costs.map(({ asterisk }) => asterisk)),
    addOn: median(costs.map(({ addOn }) => addOn)),
    sink: median(costs.map(({ sink }) => sink)),
    messages: median(costs.map(({ messages }) => messages)),
  };
}

function cpuSecondsOf(pid: number): number {
  const figures = figuresOf(pid);
  if (figures === undefined) throw new Error('Asterisk has ended meanwhile.');
  return figures.cpuSeconds;
}
