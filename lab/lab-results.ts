/** What the receiver has written in one run, party by party, held against what each phone has played. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFirResampler } from '../src/core/audio/fir-resampler.js';
import { parseWav } from '../src/core/audio/wav.js';
import type { Voice } from './voices.js';
import { BLOCK_MS, wholenessOf } from './wholeness.js';

export interface PartyResult {
  readonly callid: string;
  readonly number: string;
  readonly seconds: number;
  /** Path of the recording. */
  readonly wav: string;
  /** What is not as it should be; undefined when all of it arrived. */
  readonly fault: string | undefined;
}

interface CallRecord {
  readonly callid: string;
  readonly begun: string;
  readonly participants: readonly { number: string; seconds: number; wav: string; complete: boolean }[];
}

export interface ResultsOptions {
  /** The receiver's folder. */
  readonly out: string;
  readonly begun: Date;
  readonly voices: ReadonlyMap<string, Voice>;
  /** Hz of the recordings, and of the voices. */
  readonly sampleRate: number;
  readonly voiceRate: number;
  /** Seconds that each call lasted at the least. */
  readonly callSeconds: number;
}

/** What is said in the last moment may be on its way when the phone hangs up. */
const END_MARGIN_MS = 300;

export function partyResults({
  out,
  begun,
  voices,
  sampleRate,
  voiceRate,
  callSeconds,
}: ResultsOptions): PartyResult[] {
  const calls = JSON.parse(readFileSync(join(out, 'calls.json'), 'utf8')) as CallRecord[];
  const played = new Map(
    [...voices].map(([number, { samples }]) => [number, resampled(samples, voiceRate, sampleRate)]),
  );
  return calls
    .filter((call) => new Date(call.begun) >= begun)
    .flatMap(({ callid, participants }) =>
      participants.map(({ number, seconds, wav, complete }) => {
        const file = join(out, wav);
        const fault = complete ? faultOf(file, played.get(number), sampleRate, callSeconds) : 'its end never came';
        return { callid, number, seconds, wav: file, fault };
      }),
    );
}

function faultOf(
  file: string,
  played: Int16Array | undefined,
  sampleRate: number,
  callSeconds: number,
): string | undefined {
  if (played === undefined) return 'nobody of this number was in a call';
  const wav = parseWav(readFileSync(file));
  if (typeof wav === 'string') return `the recording cannot be read: ${wav}`;
  const neededMs = callSeconds * 1000 - END_MARGIN_MS;
  // A block more, so that the one in which the margin begins is judged.
  const judged = callSeconds === 0 ? played : played.subarray(0, ((neededMs + BLOCK_MS) * sampleRate) / 1000);
  const wholeness = wholenessOf(judged, wav.samples, sampleRate);
  if (wholeness === undefined) return 'what it said is not in the recording';
  const { missingMs, playedMs } = wholeness;
  if (playedMs < neededMs) return `it ends after ${playedMs} ms`;
  return missingMs === 0 ? undefined : `${missingMs} of ${playedMs} ms are not as they were said`;
}

function resampled(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  const resampler = createFirResampler(from, to);
  const parts = [resampler.push(samples), resampler.flush()];
  resampler.close();
  return Int16Array.from(parts.flatMap((part) => [...part]));
}
