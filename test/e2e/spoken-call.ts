/** A call whose parties play a tone each, and what a receiver in a process of its own wrote of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from '@jest/globals';
import type { Lab } from '../../lab/lab.js';
import { writeSound } from '../../lab/sounds.js';
import { parseWav } from '../../src/core/audio/wav.js';
import { levelsOf } from '../sounded-tone.js';
import { decibels, strengthAt, tone } from '../tones.js';
import { nothingLeft } from './leftovers.js';
import { TONE_DBFS } from './toned-call.js';

const CALL_MS = 2_500;
const TONE_SECONDS = 5;
const LEVEL_TOLERANCE_DB = 0.5;
const ABSENT_DBFS = -60;

export interface Speaker {
  readonly number: string;
  readonly hz: number;
}

/** Places the call and waits until it is over and Asterisk has nothing left of it. */
export async function spokenCall(lab: Lab, caller: Speaker, callee: Speaker): Promise<void> {
  lab.phones.answers(callee.number, { afterMs: 300, plays: await toneFile(lab, callee.hz) });
  const plays = await toneFile(lab, caller.hz);
  const leg = await lab.phones.call({ from: caller.number, to: callee.number, plays, hangsUpAfterMs: CALL_MS });
  await leg.ended;
  await nothingLeft(lab);
}

/** There is one WAV per speaker in the folder, whole, of that rate, with that speaker's tone and not the other's. */
export function expectTonesInWavs(folder: string, sampleRate: number, speakers: readonly Speaker[]): void {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wav'));
  expect(paths).toHaveLength(speakers.length);
  for (const { number, hz } of speakers) {
    const path = paths.find((name) => basename(name).includes(`PJSIP_${number}-`)) ?? '';
    const wav = parseWav(readFileSync(join(folder, path)));
    if (typeof wav === 'string') throw new Error(`${path}: ${wav}`);
    expect(wav.sampleRate).toBe(sampleRate);
    expect(wav.samples.length).toBeGreaterThan(2 * sampleRate);
    const from = Math.floor((wav.samples.length - sampleRate) / 2);
    const second = wav.samples.subarray(from, from + sampleRate);
    const levels = levelsOf(hz, sampleRate, second).toSorted((a, b) => a - b);
    const own = levels[Math.floor(levels.length / 2)] ?? Number.NaN;
    const strangers = speakers.filter((other) => other.number !== number);
    const other = Math.max(...strangers.map((stranger) => decibels(strengthAt(stranger.hz, sampleRate, second))));
    const isTrue = Math.abs(own - TONE_DBFS) <= LEVEL_TOLERANCE_DB && other < ABSENT_DBFS;
    expect({ number, isTrue, own, other }).toEqual({ number, isTrue: true, own, other });
  }
}

async function toneFile(lab: Lab, hz: number): Promise<string> {
  return writeSound(lab.folder, `spoken-${hz}`, 8_000, tone(hz, 8_000, TONE_SECONDS, TONE_DBFS));
}
