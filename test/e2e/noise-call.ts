/** A call in which each party plays noise over slin16, so that every sample that is lost, doubled or foreign shows. */
import { expect } from '@jest/globals';
import { extensionRange } from '../../lab/farm-conf.js';
import type { Lab } from '../../lab/lab.js';
import type { Leg } from '../../lab/leg.js';
import { noise, writeSound } from '../../lab/sounds.js';
import { until } from '../../lab/until.js';
import { type Heard, type ListeningReceiver, samplesOf } from './listening-receiver.js';

export const RATE = 16_000;
/** Long enough for the longest of the calls. */
const NOISE_SECONDS = 120;
/** A phone that rings this long is tapped before it answers: then not a sample is missing. */
const RING_MS = 600;
/** About a second of audio: the taps are live, and the noise has come through. */
const FLOWING_FRAGMENTS = 25;

/** So many zeros in a row are no noise. */
const SILENT_SAMPLES = 16;

/** Extensions that speak slin16; what they play is told apart by their number. */
export const NOISY_EXTENSIONS = extensionRange(1100, 8, 'slin16');

export interface NoiseCall {
  readonly caller: Leg;
  readonly callee: Leg;
}

/** Places the call; given a receiver, waits until both streams flow there. The caller is told to record what it hears. */
export async function noiseCall(
  lab: Lab,
  receiver: ListeningReceiver | undefined,
  from: string,
  to: string,
  { ringMs = RING_MS, ...conduct }: { readonly ringMs?: number; readonly hangsUpAfterMs?: number } = {},
) {
  lab.phones.answers(to, { afterMs: ringMs, plays: await noiseFile(lab, to), records: true });
  const caller = await lab.phones.call({ from, to, plays: await noiseFile(lab, from), records: true, ...conduct });
  const callee = await lab.phones.answeredBy(to);
  if (receiver !== undefined) await flows(receiver, [from, to]);
  return { caller, callee } satisfies NoiseCall;
}

/** Waits until so many more fragments of each of these have come. */
export async function flows(
  receiver: ListeningReceiver,
  numbers: readonly string[],
  fragments = FLOWING_FRAGMENTS,
): Promise<void> {
  const count = (number: string): number =>
    [...receiver.heard.values()].filter((one) => one.number === number).reduce((n, one) => n + one.fragments.length, 0);
  const wanted = numbers.map((number) => count(number) + fragments);
  await until(`audio of ${numbers.join(', ')} reaches the receiver`, () =>
    numbers.every((number, index) => count(number) >= (wanted[index] ?? 0)),
  );
}

/** The stream is what the extension played, from its first sample on, to where it ends: nothing lost, nothing added. */
export function expectExact(heard: Heard | undefined): void {
  if (heard === undefined) throw new Error('nothing was heard of it');
  const received = withoutSilence(samplesOf(heard));
  expect({ number: heard.number, difference: difference(received, playedBy(heard.number), 0) }).toEqual({
    number: heard.number,
    difference: undefined,
  });
  expect(received.length).toBeGreaterThan(RATE / 2);
}

/** The stream is a whole piece of what the extension played, from wherever it begins; gives where that is, in samples. */
export function expectExactPiece(heard: Heard): number {
  const received = withoutSilence(samplesOf(heard));
  const played = playedBy(heard.number);
  const mark = octetsOf(received.subarray(0, 64));
  const from = octetsOf(played).indexOf(mark) / 2;
  expect({ number: heard.number, difference: difference(received, played, from) }).toEqual({
    number: heard.number,
    difference: undefined,
  });
  return from;
}

/** Takes out fragments that came before, and tells how many those were. Noise never repeats itself. */
export function withoutRepeats(heard: Heard): { once: Heard; repeats: number } {
  const seen = new Set<string>();
  const fragments = heard.fragments.filter((fragment) => {
    const content = octetsOf(fragment).toString('latin1');
    const isRepeat = seen.has(content) && fragment.some((sample) => sample !== 0);
    seen.add(content);
    return !isRepeat;
  });
  return { once: { ...heard, fragments }, repeats: heard.fragments.length - fragments.length };
}

const files = new Map<string, Promise<string>>();

async function noiseFile(lab: Lab, number: string): Promise<string> {
  const name = `noise-${number}`;
  const key = `${lab.folder}/${name}`;
  const file = files.get(key) ?? writeSound(lab.folder, name, RATE, playedBy(number));
  files.set(key, file);
  return file;
}

const noises = new Map<string, Int16Array>();

/** What an extension plays, from its first sample on, at RATE. */
export function playedBy(number: string): Int16Array {
  const played = noises.get(number) ?? noise(Number(number), NOISE_SECONDS * RATE);
  noises.set(number, played);
  return played;
}

function difference(received: Int16Array, played: Int16Array, from: number): string | undefined {
  if (from < 0) return 'it is nowhere in what was played';
  if (octetsOf(received).equals(octetsOf(played.subarray(from, from + received.length)))) return undefined;
  const at = received.findIndex((sample, index) => sample !== played[from + index]);
  const found = octetsOf(played).indexOf(octetsOf(received.subarray(at, at + 64))) / 2;
  return `at ${at} of ${received.length} samples, where what was played at ${found - from} follows`;
}

/**
 * What came without the silence around it and in it. When a frame of a phone is late, as on a busy machine it may be,
 * Asterisk's snoop says silence for 20 ms and then what was late: more than was played, and nothing is missing. Silence
 * that stands in for something lost leaves a hole, which shows when the silence is taken out. Noise has no silence.
 */
function withoutSilence(pcm: Int16Array): Int16Array {
  const sound: Int16Array[] = [];
  for (let at = 0; at < pcm.length; ) {
    const silent = runOf(pcm, at, (sample) => sample === 0);
    if (silent < SILENT_SAMPLES) {
      const loud = Math.max(1, silent + runOf(pcm, at + silent, (sample) => sample !== 0));
      sound.push(pcm.subarray(at, at + loud));
      at += loud;
    } else {
      at += silent;
    }
  }
  return Int16Array.from(sound.flatMap((part) => [...part]));
}

function runOf(pcm: Int16Array, from: number, is: (sample: number) => boolean): number {
  const end = pcm.subarray(from).findIndex((sample) => !is(sample));
  return end === -1 ? pcm.length - from : end;
}

function octetsOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
