/** The line from Asterisk to a distant add-on, on which each stream can be given a fault, and which remembers what it saw. */
import { expect } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import { type LineFault, type Passing, rtpOnLine } from '../../../lab/line-faults.js';
import { until } from '../../../lab/until.js';
import type { AddOn } from '../add-on.js';

/** One packet as Asterisk sent it. */
export interface Seen {
  readonly timestamp: number;
  /** Samples as they are on the wire (RFC 3551, L16). */
  readonly payload: Buffer;
  /** The line let its audio through, at once or later. */
  hasPassed: boolean;
}

/** In samples. */
export interface InPlace {
  /** Silence before packets that passed. */
  readonly filled: number;
  /** Silence behind the last one. */
  readonly rest: number;
}

interface Stream {
  /** Of each tap another: Asterisk gives a port that has become free to a later one. */
  ssrc: number | undefined;
  readonly seen: Seen[];
  fault: LineFault | undefined;
  /** Packets since the fault began. */
  nth: number;
  /** The packet before this one, which the fault may have held. */
  former: { readonly packet: Buffer; readonly entry: Seen } | undefined;
}

/** A snoop's last packets may leave when the participant's stream is over, whose last fragment is then filled with silence. */
const TAIL_PACKETS = 5;
const LAST_SAMPLES = 640;

export class FaultyLine {
  /** By the port that Asterisk sends from. */
  readonly #streams = new Map<number, Stream>();

  /** For `towardsFar` of a distant host's line. */
  readonly pass = (packet: Buffer, now: number): readonly Passing[] => {
    const rtp = rtpOnLine(packet);
    if (rtp === undefined) return [{ packet, afterMs: 0 }];
    const stream = this.#streamOf(rtp.sourcePort, rtp.ssrc);
    const entry = { timestamp: rtp.timestamp, payload: rtp.payload, hasPassed: false };
    stream.seen.push(entry);
    const passings = stream.fault?.(packet, stream.nth, now) ?? [{ packet, afterMs: 0 }];
    stream.nth += 1;
    for (const passing of passings) {
      if (passing.packet === stream.former?.packet) stream.former.entry.hasPassed = true;
      else if (rtpOnLine(passing.packet)?.payload.equals(rtp.payload)) entry.hasPassed = true;
    }
    stream.former = { packet, entry };
    return passings;
  };

  /** From now on the stream from this port has this fault, until the line is taken away. */
  lay(port: number, fault: LineFault): void {
    const stream = this.#stream(port);
    stream.fault = fault;
    stream.nth = 0;
  }

  /** Waits until so many packets of the stream have come since its fault began. */
  async hasCarried(port: number, packets: number, limitMs: number): Promise<void> {
    await until(`${packets} packets from port ${port}`, () => this.#stream(port).nth >= packets, limitMs);
  }

  /** What Asterisk has sent from this port for its present tap, in its order. */
  seen(port: number): readonly Seen[] {
    return this.#stream(port).seen;
  }

  #streamOf(port: number, ssrc: number): Stream {
    const { ssrc: known = ssrc } = this.#stream(port);
    if (known !== ssrc) this.#streams.delete(port);
    return Object.assign(this.#stream(port), { ssrc });
  }

  #stream(port: number): Stream {
    const stream = this.#streams.get(port) ?? {
      ssrc: undefined,
      seen: [],
      fault: undefined,
      nth: 0,
      former: undefined,
    };
    this.#streams.set(port, stream);
    return stream;
  }
}

/** The port from which Asterisk sends what this channel says. */
export async function tapPortOf(lab: Lab, addOn: AddOn, channelid: string): Promise<number> {
  const live = await addOn.logs(
    `the tap of ${channelid}`,
    ({ message, channel }) => message === 'tap live' && channel === channelid,
  );
  const channels = await lab.pbxAri.request<{ id: string }[]>('GET', 'channels');
  const id = channels.find((each) => each.id.endsWith(`~${live.tap}~media`))?.id ?? '';
  const query = { variable: 'UNICASTRTP_LOCAL_PORT' };
  return Number((await lab.pbxAri.request<{ value: string }>('GET', `channels/${id}/variable`, query)).value);
}

/**
 * What was received is what Asterisk sent, each sample that passed in its place, and exact silence in the place of all
 * others, of which no more than so many samples at a time.
 */
export function expectInPlace(
  received: Int16Array,
  sent: readonly Seen[],
  mostSilence = Number.POSITIVE_INFINITY,
): InPlace {
  const wanted = sent.slice(sent.findIndex(({ payload }) => isSound(payload)));
  let at = received.findIndex((sample) => sample !== 0);
  let [missing, filled, leap, due] = [0, 0, 0, wanted[0]?.timestamp ?? 0];
  for (const [index, { timestamp, payload, hasPassed }] of wanted.entries()) {
    const samples = samplesIn(payload);
    leap += (timestamp - due) | 0;
    due = timestamp + samples.length;
    if (!hasPassed) {
      missing += samples.length;
      continue;
    }
    const hole = Math.min(missing, mostSilence);
    // Asterisk may have taken the clock's word for a timestamp: from a loss on, or beyond some slack, that counts.
    const place = [hole, Math.min(missing + leap, mostSilence)].find((silence) => has(received, at + silence, samples));
    const isLate = wanted.length - index <= TAIL_PACKETS && received.length - at - hole <= LAST_SAMPLES;
    if (isLate && place === undefined) break;
    const where = `packet ${index} of ${wanted.length}, after ${missing} missing samples, at ${at} of ${received.length}`;
    const before = received.subarray(at, at + (place ?? 0));
    const isInPlace = place !== undefined && before.every((sample) => sample === 0);
    expect({ where, leap, isInPlace }).toEqual({ where, leap, isInPlace: true });
    if (place !== hole) leap = 0;
    filled += before.length;
    at += before.length + samples.length;
    missing = 0;
  }
  const rest = received.subarray(at);
  expect(rest.every((sample) => sample === 0)).toBe(true);
  return { filled, rest: rest.length };
}

/** The same packets, as passed only those whose sound was received: for losses that happen behind the line. */
export function asReceived(received: Int16Array, sent: readonly Seen[]): Seen[] {
  const octets = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  return sent.map((seen) => {
    const samples = samplesIn(seen.payload);
    const mark = Buffer.from(samples.buffer);
    return { ...seen, hasPassed: seen.hasPassed && (!isSound(seen.payload) || octets.includes(mark)) };
  });
}

export function isSound(payload: Buffer): boolean {
  return payload.some((octet) => octet !== 0);
}

function has(received: Int16Array, at: number, samples: Int16Array): boolean {
  return samples.every((sample, index) => received[at + index] === sample);
}

/** What a packet of the line holds. */
export function samplesIn(payload: Buffer): Int16Array {
  return Int16Array.from({ length: payload.length >> 1 }, (_, index) => payload.readInt16BE(index * 2));
}
