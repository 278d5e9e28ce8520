/** What one life of the add-on, from its start to its end, has said of its streams in its log; at level debug it says it all. */

import { FRAGMENT_SAMPLES, type SampleRate } from '../../src/core/relay/protocol.js';

export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** One participant's stream, from its answer on. */
export interface StreamRecord {
  readonly channel: string;
  readonly number: string;
  /** The call it is in, or was in last. */
  callid: string;
  /** Unix time in ms. */
  readonly begunAt: number;
  endedAt: number | undefined;
  /** Silence in the place of audio that did not come, in ms. */
  lostMs: number;
}

/** In fragments. */
export interface Delivery {
  dropped: number;
  unconfirmed: number;
  resent: number;
  /** Not all was delivered; it may be ends alone that are missing. */
  isGivenUp: boolean;
}

/** Of the resampler's in samples, when payload and stream differ in rate. */
const RESAMPLED_TOLERANCE = 2;

export class LifeRecord {
  readonly streams: StreamRecord[] = [];
  /** Fragments given to each call's connection. */
  readonly fragments = new Map<string, number>();
  /** What became of those; a call that came back has both times in one. */
  readonly deliveries = new Map<string, Delivery>();
  /** Lines that no fault may bring about, and figures that do not add up. */
  readonly problems: string[] = [];
  /** How often each code of docs/errors.md was said. */
  readonly codes = new Map<string, number>();
  /** How many ends were sent, by call and channel. */
  readonly ends = new Map<string, number>();
  /** By channel. When settings are applied to running calls, the next stream begins before the last one has ended. */
  readonly #present = new Map<string, StreamRecord[]>();
  readonly #sampleRate: SampleRate;
  #path = '';

  /** `sampleRate` is that of the fragments, in Hz. */
  constructor(sampleRate: SampleRate) {
    this.#sampleRate = sampleRate;
  }

  /** Streams that have begun and not ended. */
  get present(): readonly StreamRecord[] {
    return [...this.#present.values()].flat();
  }

  take(line: LogLine): void {
    const { level, message, code } = line;
    if (typeof code === 'string') this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    if (level === 'error' || code === 'UNEXPECTED') this.problems.push(`in its log: ${JSON.stringify(line)}`);
    if (message === 'participant streams') this.#onBegun(line);
    else if (message === 'participant goes on under another call') this.#onMoved(line);
    else if (message === 'participant ended') this.#onEnded(line);
    else if (message === 'figures of the participant') this.#onFigures(line);
    else if (message.startsWith('call streamed')) this.#onDelivered(line);
  }

  #onBegun({ time, callid, channel, number }: LogLine): void {
    const stream: StreamRecord = {
      channel: String(channel),
      number: String(number),
      callid: String(callid),
      begunAt: Date.parse(time),
      endedAt: undefined,
      lostMs: 0,
    };
    this.streams.push(stream);
    this.#present.set(stream.channel, [...(this.#present.get(stream.channel) ?? []), stream]);
    this.#addFragments(stream.callid, 0);
  }

  #onMoved({ channel, from, callid, fragments }: LogLine): void {
    const stream = this.#present.get(String(channel))?.at(-1);
    if (stream === undefined) {
      this.problems.push(`${channel} went on without having begun`);
      return;
    }
    this.#leave(String(from), stream.channel, Number(fragments));
    this.#addFragments(String(callid), 0);
    stream.callid = String(callid);
  }

  #onEnded({ time, callid, channel, fragments, path }: LogLine): void {
    const stream = this.#present.get(String(channel))?.[0];
    if (stream === undefined) this.problems.push(`${channel} ended without having begun`);
    else stream.endedAt = Date.parse(time);
    this.#leave(String(callid), String(channel), Number(fragments));
    this.#path = String(path);
  }

  /** Follows the line of the participant's end at once. */
  #onFigures({ channel, ...figures }: LogLine): void {
    const name = String(channel);
    const [stream, ...others] = this.#present.get(name) ?? [];
    this.#present.set(name, others);
    if (stream !== undefined) stream.lostMs = Number(figures.lostMs);
    const problem = imbalance(figures, this.#path, this.#sampleRate);
    if (problem !== undefined) this.problems.push(`${name}: ${problem}`);
  }

  #onDelivered({ message, callid, dropped, unconfirmed, resent }: LogLine): void {
    const sum = this.deliveries.get(String(callid)) ?? { dropped: 0, unconfirmed: 0, resent: 0, isGivenUp: false };
    sum.dropped += Number(dropped);
    sum.unconfirmed += Number(unconfirmed);
    sum.resent += Number(resent);
    if (message !== 'call streamed') sum.isGivenUp = true;
    this.deliveries.set(String(callid), sum);
  }

  /** A stream that had audio is ended at the receiver. */
  #leave(callid: string, channel: string, fragments: number): void {
    this.#addFragments(callid, fragments);
    const key = endKey(callid, channel);
    if (fragments > 0) this.ends.set(key, (this.ends.get(key) ?? 0) + 1);
  }

  #addFragments(callid: string, fragments: number): void {
    this.fragments.set(callid, (this.fragments.get(callid) ?? 0) + fragments);
  }
}

/** A key of `ends`. */
export function endKey(callid: string, channel: string): string {
  return `${callid} ${channel}`;
}

/** Samples in are samples out and what is counted of the rest. `path` is such as `l16@8000 -> order -> …`. */
function imbalance(
  figures: Readonly<Record<string, unknown>>,
  path: string,
  sampleRate: SampleRate,
): string | undefined {
  const { samplesIn, samplesBeforeAnswer, samplesOut, paddingSamples, fragments, silenceSamples } = figures;
  const silence = Object.values(silenceSamples as Record<string, number>).reduce((sum, samples) => sum + samples, 0);
  const payloadRate = Number(/@(\d+)/.exec(path)?.[1] ?? sampleRate);
  const given = Number(samplesIn) + silence - Number(samplesBeforeAnswer);
  const expected = (given * sampleRate) / payloadRate;
  const tolerance = payloadRate === sampleRate ? 0 : RESAMPLED_TOLERANCE;
  if (Math.abs(expected - Number(samplesOut)) > tolerance) {
    return `${samplesIn} samples in, ${silence} of silence, ${samplesBeforeAnswer} before the answer, at ${payloadRate} Hz, but ${samplesOut} out`;
  }
  const [whole, length] = [Number(samplesOut) + Number(paddingSamples), FRAGMENT_SAMPLES[sampleRate]];
  return whole === Number(fragments) * length
    ? undefined
    : `${whole} samples are not ${fragments} fragments of ${length}`;
}
