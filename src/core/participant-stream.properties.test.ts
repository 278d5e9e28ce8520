/** What holds for every stream, whatever the network does to it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { l16, rtp } from '../../test/rtp-packets.js';
import { fakeResampler, samplesOf, speech } from '../../test/stream-fakes.js';
import { decodeALaw, decodeMuLaw } from './audio/g711.js';
import { ParticipantStream } from './participant-stream.js';
import { DEFAULT_WAIT_MS } from './rtp/reorder-buffer.js';

const FRAME = 160;

/** Where a stream's numbers begin; near the ends they wrap within it. */
const origin = fc.record({
  sequence: fc.oneof(fc.integer({ min: 65_480, max: 65_535 }), fc.nat(65_535)),
  timestamp: fc.oneof(fc.integer({ min: 2 ** 32 - 9_000, max: 2 ** 32 - 1 }), fc.nat(2 ** 32 - 1)),
});

interface Arrival {
  readonly frame: number;
  readonly at: number;
}

/** Plays arrivals to an answered stream on a virtual clock, each wake-up in its time, and joins what comes out. */
function play(arrivals: readonly Arrival[], from: { sequence: number; timestamp: number }) {
  const tap = new ParticipantStream({ sampleRate: 8000, fragmentSamples: 100, createResampler: fakeResampler });
  const fragments = tap.open(0);
  for (const { frame, at } of [...arrivals].sort((a, b) => a.at - b.at)) {
    for (let wake = tap.nextWake(); wake !== undefined && wake <= at; wake = tap.nextWake()) {
      fragments.push(...tap.tick(wake));
    }
    const datagram = rtp({
      sequence: from.sequence + frame,
      timestamp: from.timestamp + frame * FRAME,
      payloadType: 10,
      payload: l16(speech(frame * FRAME, FRAME)),
    });
    fragments.push(...tap.receive(datagram, at));
  }
  fragments.push(...tap.end(Math.max(...arrivals.map(({ at }) => at)) + 60));
  const padded = Int16Array.from(fragments.flatMap((fragment) => [...fragment]));
  return { samples: padded.subarray(0, padded.length - tap.stats.paddingSamples), stats: tap.stats };
}

test('packets delayed by less than the wait, some of them twice, give exactly the original samples', () => {
  const delays = fc.array(fc.record({ delay: fc.nat(DEFAULT_WAIT_MS - 1), copy: fc.option(fc.nat(300)) }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(delays, origin, (packets, from) => {
      const arrivals = packets.flatMap(({ delay, copy }, i) => {
        // The first is on time: a stream begins with the first packet that arrives.
        const at = i === 0 ? 0 : i * 20 + delay;
        return [{ frame: i, at }, ...(copy === null ? [] : [{ frame: i, at: at + copy }])];
      });
      const { samples, stats } = play(arrivals, from);
      expect(samples).toEqual(speech(0, packets.length * FRAME));
      expect(stats.duplicate).toBe(arrivals.length - packets.length);
      expect(stats).toMatchObject({ lost: 0, late: 0, restarts: 0, resyncs: 0 });
    }),
    { numRuns: 300 },
  );
});

test('whatever is lost, every sample stands at its time and silence exactly in the holes', () => {
  const arrived = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(arrived, fc.array(fc.nat(60), { minLength: 81, maxLength: 81 }), origin, (rest, delays, from) => {
      const whole = [true, ...rest, true];
      const arrivals = whole.flatMap((came, i) =>
        came ? [{ frame: i, at: i === 0 ? 0 : i * 20 + (delays[i] ?? 0) }] : [],
      );
      const expected = speech(0, whole.length * FRAME);
      for (const [i, came] of whole.entries()) if (!came) expected.fill(0, i * FRAME, (i + 1) * FRAME);

      const { samples, stats } = play(arrivals, from);
      expect(samples).toEqual(expected);
      const holes = whole.filter((came) => !came).length;
      expect(stats.lost).toBe(holes);
      expect(stats.silenceSamples.lost).toBe(holes * FRAME);
      // What went in is what came out, and what is counted.
      expect(stats.samplesIn + stats.silenceSamples.lost - stats.samplesBeforeAnswer).toBe(stats.samplesOut);
    }),
    { numRuns: 300 },
  );
});

test('a sender that begins its numbers anew, as often as it likes, is heard whole and in time', () => {
  const jump = fc.oneof(fc.integer({ min: -32_768, max: -2 }), fc.integer({ min: 3_001, max: 32_767 }));
  const part = fc.record({ packets: fc.integer({ min: 2, max: 10 }), jump, isNewSource: fc.boolean() });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), origin, (parts, from) => {
      const tap = new ParticipantStream({ sampleRate: 8000, fragmentSamples: 100, createResampler: fakeResampler });
      const fragments = tap.open(0);
      let [frame, sequence, ssrc] = [0, from.sequence, 1];
      for (const each of [{ packets: 5, jump: 0, isNewSource: false }, ...parts]) {
        sequence += each.jump;
        ssrc += each.isNewSource ? 1 : 0;
        for (let i = 0; i < each.packets; i++, frame++, sequence++) {
          const payload = l16(speech(frame * FRAME, FRAME));
          const timestamp = from.timestamp + frame * FRAME;
          fragments.push(...tap.receive(rtp({ sequence, timestamp, ssrc, payloadType: 10, payload }), frame * 20));
        }
      }
      fragments.push(...tap.end(frame * 20));
      const { paddingSamples, ...stats } = tap.stats;
      const samples = Int16Array.from(fragments.flatMap((fragment) => [...fragment]));
      expect(samples.subarray(0, samples.length - paddingSamples)).toEqual(speech(0, frame * FRAME));
      expect(stats).toMatchObject({ restarts: parts.length, resyncs: 0, lost: 0, lostMs: 0, stray: 0, duplicate: 0 });
    }),
    { numRuns: 100 },
  );
});

interface Codec {
  readonly payloadType: number;
  readonly octets: number;
  readonly sampleAt: (payload: Uint8Array, i: number) => number;
}

const CODECS: readonly Codec[] = [
  { payloadType: 10, octets: 2, sampleAt: (payload, i) => new DataView(payload.buffer).getInt16(2 * i) },
  { payloadType: 0, octets: 1, sampleAt: (payload, i) => decodeMuLaw(payload.slice(i, i + 1))[0] ?? 0 },
  { payloadType: 8, octets: 1, sampleAt: (payload, i) => decodeALaw(payload.slice(i, i + 1))[0] ?? 0 },
];

/** One who speaks in some format, is answered after so many packets, and knows what was said. */
class Speaker {
  readonly tap: ParticipantStream;
  readonly said: number[] = [];
  readonly heard: number[] = [];
  readonly #codec: Codec;
  readonly #opensAfter: number;
  #packets = 0;

  constructor(codec: Codec, opensAfter: number, fragmentSamples: number) {
    this.tap = new ParticipantStream({ sampleRate: 8000, fragmentSamples, createResampler: fakeResampler });
    this.#codec = codec;
    this.#opensAfter = opensAfter;
  }

  get #now(): number {
    return this.said.length / 8;
  }

  say(samples: number, seed: number): void {
    const { payloadType, octets, sampleAt } = this.#codec;
    // Before the answer no more than the pre-roll keeps.
    const isLong = this.said.length + samples > 4000;
    if (this.#packets === this.#opensAfter || isLong) this.heard.push(...samplesOf(this.tap.open(this.#now)));
    // A sound from the first sample on, in any of the formats: nothing passes for the silence before it.
    const payload = Uint8Array.from({ length: samples * octets }, (_, i) => 1 + ((seed + i * 7) % 80));
    const datagram = rtp({ sequence: this.#packets, timestamp: this.said.length, payloadType, payload });
    this.heard.push(...samplesOf(this.tap.receive(datagram, this.#now)));
    for (let i = 0; i < samples; i++) this.said.push(sampleAt(payload, i));
    this.#packets += 1;
  }

  finish(): void {
    this.heard.push(...samplesOf(this.tap.open(this.#now)), ...samplesOf(this.tap.end(this.#now)));
  }
}

test('streams of any format that take turns, answered at any time, each give what was said to it alone', () => {
  const speaker = fc.record({ codec: fc.constantFrom(...CODECS), opensAfter: fc.nat(20) });
  const turn = fc.record({ of: fc.nat(2), samples: fc.oneof(fc.constant(160), fc.nat(300)), seed: fc.nat(255) });
  const speakers = fc.array(speaker, { minLength: 3, maxLength: 3 });
  const length = fc.integer({ min: 1, max: 700 });
  fc.assert(
    fc.property(speakers, fc.array(turn, { maxLength: 60 }), length, (all, turns, fragmentSamples) => {
      const taps = all.map(({ codec, opensAfter }) => new Speaker(codec, opensAfter, fragmentSamples));
      for (const { of, samples, seed } of turns) taps[of]?.say(samples, seed);
      for (const each of taps) {
        each.finish();
        const { paddingSamples, ...stats } = each.tap.stats;
        const { length } = each.said;
        expect(each.heard.slice(0, each.heard.length - paddingSamples)).toEqual(each.said);
        expect(stats).toMatchObject({ samplesIn: length, samplesOut: length, samplesBeforeAnswer: 0 });
      }
    }),
    { numRuns: 300 },
  );
});

test('where the numbers begin changes nothing', () => {
  const network = fc.array(fc.record({ came: fc.boolean(), delay: fc.nat(150) }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(network, origin, (packets, from) => {
      const arrivals = packets.flatMap(({ came, delay }, i) => {
        if (i === 0) return [{ frame: 0, at: 0 }];
        return came ? [{ frame: i, at: i * 20 + delay }] : [];
      });
      expect(play(arrivals, from)).toEqual(play(arrivals, { sequence: 1000, timestamp: 1_000_000 }));
    }),
    { numRuns: 300 },
  );
});

test('junk of any kind among the packets changes no sample', () => {
  const junk = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(1500))), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(junk, (datagrams) => {
      const tap = new ParticipantStream({ sampleRate: 8000, fragmentSamples: FRAME, createResampler: fakeResampler });
      tap.open(0);
      const heard = Array.from({ length: 30 }, (_, i) => {
        // Never two at once: two packets in a row that agree on another SSRC are a restarted sender.
        tap.receive(datagrams[i] ?? new Uint8Array(0), i * 20);
        const payload = l16(speech(i * FRAME, FRAME));
        return tap.receive(rtp({ sequence: i, timestamp: i * FRAME, payloadType: 10, payload }), i * 20);
      });
      expect(heard.map(([fragment]) => fragment)).toEqual(heard.map((_, i) => speech(i * FRAME, FRAME)));
    }),
  );
});

test('two hours with a packet in 50 lost come out as two hours, to the sample', () => {
  const FRAMES = 2 * 3600 * 50;
  const tap = new ParticipantStream({ sampleRate: 8000, fragmentSamples: 640, createResampler: fakeResampler });
  tap.open(0);
  const payload = l16(speech(0, FRAME));
  let out = 0;
  for (let i = 0; i < FRAMES; i++) {
    if (i % 50 === 25) continue;
    out += tap.receive(rtp({ sequence: i, timestamp: 4e9 + i * FRAME, payloadType: 10, payload }), i * 20).length;
    if ((tap.nextWake() ?? Number.POSITIVE_INFINITY) <= i * 20) out += tap.tick(i * 20).length;
  }
  out += tap.end(FRAMES * 20).length;
  const { stats } = tap;
  expect(out * 640 - stats.paddingSamples).toBe(FRAMES * FRAME);
  expect(stats.samplesOut).toBe(FRAMES * FRAME);
  expect(stats).toMatchObject({ lost: FRAMES / 50, resyncs: 0, restarts: 0, late: 0, duplicate: 0 });
});
