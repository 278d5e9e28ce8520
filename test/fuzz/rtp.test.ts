/** Whatever comes to the RTP port: nothing throws, and nobody is made to produce or keep more than is right. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFirResampler } from '../../src/core/audio/fir-resampler.js';
import { ParticipantStream } from '../../src/core/participant-stream.js';
import { MAX_FILL_MS } from '../../src/core/rtp/gap-filler.js';
import { parseRtp } from '../../src/core/rtp/packet.js';
import { l16, rtp } from '../rtp-packets.js';
import { speech } from '../stream-fakes.js';
import { runs } from './runs.js';

const RATE = 16_000;

const octets = fc.uint8Array({ maxLength: 400 });

/** Packets that are good but for what a hostile, or merely broken, sender does to their numbers. */
const packet = fc
  .record({
    sequence: fc.oneof(fc.nat(20), fc.nat(65_535)),
    timestamp: fc.oneof(fc.nat(20_000), fc.nat(2 ** 32 - 1)),
    payloadType: fc.constantFrom(0, 8, 10, 11, 118, 107, 119, 13, 101, 127),
    ssrc: fc.constantFrom(1, 1, 1, 2),
    padding: fc.constantFrom(0, 0, 0, 4),
    samples: fc.constantFrom(0, 1, 160, 320),
  })
  .map(({ samples, ...fields }) => rtp({ ...fields, payload: l16(speech(0, samples)) }));

/** Good packets with an octet or two changed, or cut short. */
const broken = fc
  .tuple(packet, fc.array(fc.tuple(fc.nat(399), fc.nat(255)), { minLength: 1, maxLength: 3 }), fc.nat(400))
  .map(([good, changes, length]) => {
    const bad = good.slice(0, length);
    for (const [at, octet] of changes) if (at < bad.length) bad[at] = octet;
    return bad;
  });

test('parsing never throws, and what it gives lies within the datagram', () => {
  fc.assert(
    fc.property(fc.oneof(octets, broken), (datagram) => {
      const parsed = parseRtp(datagram);
      if (typeof parsed === 'string') return;
      expect(parsed.payload.length).toBeLessThanOrEqual(datagram.length - 12);
    }),
    runs(20),
  );
});

test('a stream takes anything at any time, and gives no more than what came and the silence that may be filled', () => {
  const step = fc.record({ datagram: fc.oneof(packet, packet, broken, octets), pause: fc.nat(300) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (steps, openAt) => {
      const stream = new ParticipantStream({
        sampleRate: RATE,
        fragmentSamples: 640,
        createResampler: createFirResampler,
      });
      let now = 0;
      let samples = 0;
      const take = (fragments: readonly Int16Array[]): void => {
        for (const { length } of fragments) samples += length;
      };
      steps.forEach(({ datagram, pause }, index) => {
        now += pause;
        if (index === openAt) take(stream.open(now));
        for (let wake = stream.nextWake(); wake !== undefined && wake <= now; wake = stream.nextWake()) {
          take(stream.tick(wake));
        }
        take(stream.receive(datagram, now));
      });
      take(stream.end(now + 1000));
      // A datagram of this size holds at most 400 samples of 8 kHz; each may be preceded by the longest silence.
      const most = steps.length * (MAX_FILL_MS / 1000 + 0.05) * RATE + RATE;
      expect(samples).toBeLessThanOrEqual(most);
      expect(stream.stats.samplesOut + stream.stats.paddingSamples).toBe(samples);
      expect(stream.nextWake()).toBeUndefined();
    }),
    runs(0.5),
  );
});
