/** How soon a new call is heard, at many calls a second: real calls on a real Asterisk whose phones play noise from the answer on. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AriHttp } from '../../lab/ari-http.js';
import { openAriStream } from '../../lab/ari-stream.js';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { noise, writeSound } from '../../lab/sounds.js';
import { until } from '../../lab/until.js';
import { Child } from '../process/child.js';
import { sharedMs } from '../process/clock.js';
import type { Progress } from '../progress.js';
import { type Spread, spreadOf } from '../statistics.js';
import { BenchAddOn } from '../system/add-on.js';
import { tapPieces } from '../system/standing-calls.js';
import { missingSamples, type StreamBeginning } from './beginnings.js';

export interface SetUpBenchOptions {
  readonly callsPerSecond: number;
  /** How long calls are placed whose beginnings are told apart: until then code runs for the first times, and is compiled. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** How long the called phone rings, one benchmark for each; 0 answers at once. */
  readonly ringMs: readonly number[];
}

export interface SetUpResult {
  readonly callsPerSecond: number;
  readonly ringMs: number;
  /** Two for each call. */
  readonly participants: number;
  /** Of whom the receiver got a stream with a piece of what they said. */
  readonly heard: number;
  /** Audio after the answer that is not in the stream, ms. */
  readonly missingMs: Spread;
  /** How many of those heard miss more than 20 ms. */
  readonly above20Ms: number;
  /** Those of the warm-up, who are in no other figure but the requests. */
  readonly warmUp: Pick<SetUpResult, 'participants' | 'heard' | 'above20Ms'>;
  /** From Asterisk's word that the channel is up to the first fragment at the receiver, ms. */
  readonly firstFragmentMs: Spread;
  /** Requests to Asterisk for each tap, made and removed, by kind. */
  readonly requestsPerTap: Readonly<Record<string, number>>;
}

const FIRST_NUMBER = 1100;
const RATE = 16_000;
/** Only beginnings are looked at, and calls that stand would cost two processors all that they have: then nothing is shown but that. */
const CALL_MS = 1_000;
const NOISE_SECONDS = 4;
const APP = 'bench-answers';
const OVER_LIMIT_MS = 60_000;
const MOST_MISSING_MS = 20;

/** Gives the results and Asterisk's version. Throws LabUnavailable where there can be no Asterisk. */
export async function setUpBench(
  options: SetUpBenchOptions,
  progress: Progress,
): Promise<{ asterisk: string; results: SetUpResult[] }> {
  const sink = new Child({ name: 'receiver', args: [fileURLToPath(new URL('./setup-sink-main.js', import.meta.url))] });
  let lab: Lab | undefined;
  try {
    const url = `ws://127.0.0.1:${await sink.ask<number>('open')}/`;
    // slin16 from phone to receiver: every sample comes as it was played. Each phone is in several calls at once.
    const extensions = extensionRange(FIRST_NUMBER, 2 * options.callsPerSecond, 'slin16');
    lab = await startLab({ progress: (line) => progress.say(line), extensions, endsOnSignals: false });
    const results: SetUpResult[] = [];
    for (const ringMs of options.ringMs) {
      progress.signal.throwIfAborted();
      progress.say(`set-up: ${options.callsPerSecond} calls a second, ringing ${ringMs} ms …`);
      results.push(await atRinging(lab, sink, url, ringMs, options, progress));
    }
    return { asterisk: lab.installation.version, results };
  } finally {
    await lab?.stop();
    await sink.stop('SIGKILL');
  }
}

async function atRinging(
  lab: Lab,
  sink: Child,
  url: string,
  ringMs: number,
  { callsPerSecond, warmUpSeconds, seconds }: SetUpBenchOptions,
  progress: Progress,
): Promise<SetUpResult> {
  const settings = { streaming: { sampleRate: RATE } };
  const addOn = await BenchAddOn.start({ ari: lab.pbx.ari, folder: lab.folder, url, settings });
  const answered = new Map<string, number>();
  const disconnect = await watchAnswers(lab, answered);
  try {
    const round = { ringMs, perSecond: callsPerSecond, sounds: await soundsOf(lab, callsPerSecond) };
    await placeCalls(lab, round, callsPerSecond * warmUpSeconds, progress.signal);
    // By now all of those calls are over: what begins later is of others.
    const warmUntil = sharedMs();
    await placeCalls(lab, round, callsPerSecond * seconds, progress.signal);
    await until('all taps are gone', async () => (await tapPieces(lab)) === 0, OVER_LIMIT_MS);
    const [requests, taps] = [
      await addOn.metrics('ari_request_duration_seconds_count'),
      await addOn.metric('taps_made_total'),
    ];
    // With the program gone every stream has had its end: none is taken for a second one in the next benchmark.
    await addOn.stop();
    const beginnings = await sink.ask<StreamBeginning[]>('beginnings');
    const cold = beginnings.filter(({ firstMs }) => firstMs < warmUntil);
    const warm = beginnings.filter(({ firstMs }) => firstMs >= warmUntil);
    const { heard, above20Ms } = heardIn(cold, answered);
    return {
      callsPerSecond,
      ringMs,
      participants: 2 * callsPerSecond * seconds,
      ...heardIn(warm, answered),
      warmUp: { participants: 2 * callsPerSecond * warmUpSeconds, heard, above20Ms },
      requestsPerTap: Object.fromEntries(
        [...requests].map(([series, count]) => [/request="([^"]*)"/.exec(series)?.[1] ?? series, count / taps]),
      ),
    };
  } finally {
    await disconnect();
    await addOn.stop();
  }
}

/** Notes when each of the PBX's channels was answered, on the shared clock, by the PBX's own time. */
async function watchAnswers(lab: Lab, answered: Map<string, number>): Promise<() => Promise<void>> {
  const toShared = sharedMs() - Date.now();
  const disconnect = await openAriStream(lab.pbx.ari, APP, (event) => {
    const { type, timestamp, channel } = event as unknown as {
      type: string;
      timestamp: string;
      channel?: { name: string; state: string };
    };
    if (type !== 'ChannelStateChange' || channel?.state !== 'Up' || answered.has(channel.name)) return;
    // Asterisk writes +0000 where ISO 8601 has +00:00.
    answered.set(channel.name, Date.parse(timestamp.replace(/(\d\d)(\d\d)$/, '$1:$2')) + toShared);
  });
  const filter = { allowed: [{ type: 'ChannelStateChange' }] };
  await new AriHttp(lab.pbx.ari).request('PUT', `applications/${APP}/eventFilter`, {}, filter);
  return disconnect;
}

/** The sound files of all phones, by their numbers. */
async function soundsOf(lab: Lab, perSecond: number): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (let index = 0; index < 2 * perSecond; index++) {
    const number = String(FIRST_NUMBER + index);
    files.set(number, await writeSound(lab.folder, `bench-noise-${number}`, RATE, playedBy(number)));
  }
  return files;
}

/** Resolves when all of them are over. */
async function placeCalls(
  lab: Lab,
  { ringMs, perSecond, sounds }: { ringMs: number; perSecond: number; sounds: ReadonlyMap<string, string> },
  calls: number,
  signal: AbortSignal,
): Promise<void> {
  const plays = (number: string) => ({ plays: sounds.get(number) ?? '' });
  const begun = performance.now();
  const placed: Promise<unknown>[] = [];
  for (let call = 0; call < calls; call++) {
    signal.throwIfAborted();
    const pair = call % perSecond;
    const [from, to] = [String(FIRST_NUMBER + 2 * pair), String(FIRST_NUMBER + 2 * pair + 1)];
    lab.phones.answers(to, { afterMs: ringMs, ...plays(to) });
    const leg = lab.phones.call({ from, to, ...plays(from), hangsUpAfterMs: CALL_MS });
    placed.push(leg.then(({ ended }) => ended));
    await pause(Math.max(0, begun + ((call + 1) * 1000) / perSecond - performance.now()), undefined, { signal });
  }
  const tooLong = async (): Promise<never> => {
    await pause(OVER_LIMIT_MS, undefined, { signal, ref: false });
    throw new Error(`Not all calls have ended within ${OVER_LIMIT_MS / 1000} s.`);
  };
  await Promise.race([Promise.all(placed), tooLong()]);
}

function heardIn(beginnings: readonly StreamBeginning[], answered: ReadonlyMap<string, number>) {
  const missing = beginnings.flatMap(({ number, samples }) => missingSamples(playedBy(number), samples) ?? []);
  const missingMs = missing.map((count) => (count * 1000) / RATE);
  const delays = beginnings.flatMap(({ channelid, firstMs }) => {
    const answer = answered.get(channelid);
    return answer === undefined ? [] : [firstMs - answer];
  });
  return {
    heard: missing.length,
    missingMs: spreadOf(missingMs),
    above20Ms: missingMs.filter((ms) => ms > MOST_MISSING_MS).length,
    firstFragmentMs: spreadOf(delays),
  };
}

const noises = new Map<string, Int16Array>();

function playedBy(number: string): Int16Array {
  const played = noises.get(number) ?? noise(Number(number), NOISE_SECONDS * RATE);
  noises.set(number, played);
  return played;
}
