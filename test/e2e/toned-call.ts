/** A two-party call in which each party plays a tone of its own, and what the receiver got of it. */
import { expect } from '@jest/globals';
import type { Lab } from '../../lab/lab.js';
import { writeSound } from '../../lab/sounds.js';
import { until } from '../../lab/until.js';
import { levelsOf } from '../sounded-tone.js';
import { decibels, strengthAt, tone } from '../tones.js';
import { nothingLeft } from './leftovers.js';
import { type Heard, type ListeningReceiver, samplesOf } from './listening-receiver.js';

export interface Party {
  readonly number: string;
  /** A whole number: then a second holds whole periods. */
  readonly hz: number;
}

export interface TonedCall {
  readonly caller: Party;
  readonly callee: Party;
  /** Of the sounds that are played. Default: 8000. */
  readonly soundRate?: number;
  /** Default: 300. */
  readonly ringMs?: number;
}

export interface TonedStreams {
  readonly caller: Heard;
  readonly callee: Heard;
  /** What Asterisk said of the channels during the call, by number. */
  readonly channels: ReadonlyMap<string, AsteriskChannel>;
}

export interface AsteriskChannel {
  readonly name: string;
  readonly linkedid: string;
  /** Such as `(ulaw)`. */
  readonly codecs: string;
}

export const TONE_DBFS = -12;
/** What is left of the other party's tone in a stream must be weaker than this. */
const ABSENT_DBFS = -60;
/** G.711 rounds a sample to one of 8 bits; over a tenth of a second that moves a tone's level by less than this. */
const LEVEL_TOLERANCE_DB = 0.5;
const CALL_MS = 3_000;
/** What there must be of each stream at the least. */
const LEAST_SECONDS = 2;
/** The tones outlast the call. */
const TONE_SECONDS = 5;

/** Places the call, waits until it is over and both streams have ended, and until the PBX has nothing left. */
export async function tonedCall(lab: Lab, receiver: ListeningReceiver, call: TonedCall): Promise<TonedStreams> {
  const { caller, callee, soundRate = 8_000, ringMs = 300 } = call;
  lab.phones.answers(callee.number, { afterMs: ringMs, plays: await toneFile(lab, callee.hz, soundRate) });
  const leg = await lab.phones.call({
    from: caller.number,
    to: callee.number,
    plays: await toneFile(lab, caller.hz, soundRate),
    hangsUpAfterMs: CALL_MS,
  });
  const channels = await channelsOf(lab);
  await leg.ended;
  const [fromCaller, fromCallee] = await receiver.ended([caller.number, callee.number]);
  if (fromCaller === undefined || fromCallee === undefined) throw new Error('unreachable');
  await nothingLeft(lab);
  await until('the connection is closed', () => receiver.connections === 0);
  return { caller: fromCaller, callee: fromCallee, channels };
}

/** Each party's tone is in its own stream at its level, and not in the other's. */
export function expectTonesApart(streams: TonedStreams, { caller, callee }: TonedCall, sampleRate: number): void {
  for (const [heard, own, other] of [
    [streams.caller, caller, callee],
    [streams.callee, callee, caller],
  ] as const) {
    const second = middleSecond(samplesOf(heard), sampleRate);
    const report = {
      party: own.number,
      own: median(levelsOf(own.hz, sampleRate, second)),
      other: decibels(strengthAt(other.hz, sampleRate, second)),
    };
    const isTrue = Math.abs(report.own - TONE_DBFS) <= LEVEL_TOLERANCE_DB && report.other < ABSENT_DBFS;
    expect({ isTrue, ...report }).toEqual({ isTrue: true, ...report });
  }
}

/** Both ends are through by then, and nobody has hung up yet. */
function middleSecond(pcm: Int16Array, sampleRate: number): Int16Array {
  expect(pcm.length).toBeGreaterThanOrEqual(LEAST_SECONDS * sampleRate);
  const from = Math.floor((pcm.length - sampleRate) / 2);
  return pcm.subarray(from, from + sampleRate);
}

/** The level of most of a tone, whatever a pause of the machine has done to one of its parts. */
function median(levels: readonly number[]): number {
  return levels.toSorted((a, b) => a - b)[Math.floor(levels.length / 2)] ?? Number.NaN;
}

async function toneFile(lab: Lab, hz: number, rate: number): Promise<string> {
  return writeSound(lab.folder, `tone-${hz}-${rate}`, rate, tone(hz, rate, TONE_SECONDS, TONE_DBFS));
}

async function channelsOf(lab: Lab): Promise<TonedStreams['channels']> {
  const all = await lab.pbxAri.request<{ id: string; name: string; caller: { number: string } }[]>('GET', 'channels');
  const phones = all.filter(({ name }) => name.startsWith('PJSIP/'));
  const entries = phones.map(async ({ id, name, caller }) => {
    const read = async (variable: string): Promise<string> =>
      (await lab.pbxAri.request<{ value: string }>('GET', `channels/${id}/variable`, { variable })).value;
    const linkedid = await read('CHANNEL(linkedid)');
    return [caller.number, { name, linkedid, codecs: await read('CHANNEL(audionativeformat)') }] as const;
  });
  return new Map(await Promise.all(entries));
}
