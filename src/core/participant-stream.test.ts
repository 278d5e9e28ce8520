import { describe, expect, test } from '@jest/globals';
import { l16, type RtpFields, rtp } from '../../test/rtp-packets.js';
import { fakeOpus, fakeResampler, samplesOf, speech } from '../../test/stream-fakes.js';
import { ParticipantStream, type ParticipantStreamOptions } from './participant-stream.js';
import { DEFAULT_WAIT_MS } from './rtp/reorder-buffer.js';

const FRAME = 320;

function stream(options: Partial<ParticipantStreamOptions> = {}): ParticipantStream {
  return new ParticipantStream({
    sampleRate: 16_000,
    fragmentSamples: 640,
    createResampler: fakeResampler,
    ...options,
  });
}

/** Frame `i` of a talking slin16 sender: 20 ms of samples that are never zero. */
function frame(i: number, fields: RtpFields = {}): Uint8Array {
  return rtp({ sequence: i, timestamp: i * FRAME, payload: l16(speech(i * FRAME, FRAME)), ...fields });
}

const silence = (length: number): number[] => Array(length).fill(0);

test('slin16 at 16 kHz comes out bit for bit, two packets to a fragment, without delay', () => {
  const tap = stream();
  tap.open(0);
  for (let i = 0; i < 100; i += 2) {
    expect(tap.receive(frame(i), i * 20)).toEqual([]);
    expect(tap.receive(frame(i + 1), i * 20 + 20)).toEqual([speech(i * FRAME, 640)]);
    expect(tap.nextWake()).toBeUndefined();
  }
  expect(tap.signalPath).toBe('l16@16000 -> order -> gaps -> 640');
  expect(tap.stats).toMatchObject({
    packets: 100,
    octets: 65_200,
    samplesIn: 32_000,
    samplesOut: 32_000,
    fragments: 50,
  });
});

describe('before the answer', () => {
  test('nothing leaves; then what was said in the last half second does, without the silence before it', () => {
    const tap = stream({ fragmentSamples: FRAME });
    for (let i = 0; i < 50; i++) expect(tap.receive(frame(i, { payload: l16(silence(FRAME)) }), i * 20)).toEqual([]);
    expect(tap.receive(frame(50), 1000)).toEqual([]);
    expect(samplesOf(tap.open(1010))).toEqual([...speech(50 * FRAME, FRAME)]);
    expect(samplesOf(tap.receive(frame(51), 1020))).toEqual([...speech(51 * FRAME, FRAME)]);
    expect(tap.open(1030)).toEqual([]);
  });

  test('half a second is kept, no more', () => {
    const tap = stream({ fragmentSamples: FRAME });
    for (let i = 0; i < 200; i++) tap.receive(frame(i), i * 20);
    expect(samplesOf(tap.open(4000))).toEqual([...speech(175 * FRAME, 25 * FRAME)]);
    expect(tap.stats).toMatchObject({ samplesIn: 200 * FRAME, samplesBeforeAnswer: 175 * FRAME });
  });

  test('a participant who never answers is never heard', () => {
    const tap = stream();
    tap.receive(frame(0), 0);
    expect(tap.end(20)).toEqual([]);
    expect(tap.open(30)).toEqual([]);
    expect(tap.receive(frame(1), 40)).toEqual([]);
    expect(tap.stats).toMatchObject({ packets: 1, fragments: 0 });
  });
});

describe('the payload type that arrives decides', () => {
  test('mu-law at 8 kHz is resampled', () => {
    const tap = stream({ fragmentSamples: 320 });
    tap.open(0);
    const payload = new Uint8Array(160).fill(0x80);
    tap.receive(rtp({ payloadType: 0, payload }), 0);
    expect(tap.signalPath).toBe('pcmu@8000 -> order -> gaps -> fake 8000>16000 -> 320');
    expect(tap.end(20)).toEqual([new Int16Array(320).fill(32_124)]);
  });

  test('a rate that changes midway loses nothing of the old one, and the resampler is closed', () => {
    const log: string[] = [];
    const tap = stream({ fragmentSamples: 2, createResampler: (from, to) => fakeResampler(from, to, log) });
    tap.open(0);
    const slin = rtp({ sequence: 0, payloadType: 10, timestamp: 0, payload: l16([1, 2]) });
    const slin16 = rtp({ sequence: 1, payloadType: 118, timestamp: 4, payload: l16([3, 4]) });
    const alaw = rtp({ sequence: 2, payloadType: 8, timestamp: 6, payload: Uint8Array.of(0xd5) });
    const heard = [slin, slin16, alaw].flatMap((each) => tap.receive(each, 0));
    expect(samplesOf(heard)).toEqual([1, 1, 2, 2, 3, 4]);
    expect(log).toEqual(['new 8000>16000', 'flush', 'close', 'new 8000>16000']);
    expect(samplesOf(tap.end(20))).toEqual([8, 8]);
    tap.close();
    expect(log.slice(4)).toEqual(['flush', 'close']);
  });

  test('a type that is not audio leaves no loss and no delay, but exact silence in its place', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    tap.receive(frame(1, { payloadType: 101 }), 20);
    expect(samplesOf(tap.receive(frame(2), 40))).toEqual([...silence(FRAME), ...speech(2 * FRAME, FRAME)]);
    expect(tap.stats).toMatchObject({ unknownPayload: 1, lost: 0, silenceSamples: { 'unknown-payload': FRAME } });
  });
});

describe('opus', () => {
  const opus = (i: number, payload: number): Uint8Array =>
    rtp({ sequence: i, timestamp: i * 960, payloadType: 107, payload: Uint8Array.of(payload) });

  test('is decoded straight to the wanted rate', () => {
    const tap = stream({ fragmentSamples: 320, createOpusDecoder: fakeOpus });
    tap.open(0);
    expect(tap.receive(opus(0, 7), 0)).toEqual([new Int16Array(320).fill(7)]);
    expect(tap.signalPath).toBe('opus@16000 -> order -> gaps -> 320');
  });

  test('a packet that does not decode, or is lost, becomes silence of its length', () => {
    const tap = stream({ fragmentSamples: 320, createOpusDecoder: fakeOpus });
    tap.open(0);
    const heard = [tap.receive(opus(0, 7), 0), tap.receive(opus(1, 0), 20), tap.receive(opus(2, 8), 40)];
    heard.push(tap.receive(opus(4, 9), 80), tap.tick(80 + DEFAULT_WAIT_MS));
    expect(heard.flat().map(([first]) => first)).toEqual([7, 0, 8, 0, 9]);
    expect(tap.stats.undecodable['bad-opus']).toBe(1);
    expect(tap.stats.silenceSamples).toMatchObject({ undecodable: 320, lost: 320 });
  });

  test('a sender that restarts gets a decoder of its own', () => {
    const log: string[] = [];
    const createOpusDecoder = (sampleRate: number) => {
      log.push('new');
      return { ...fakeOpus(sampleRate), close: () => log.push('close') };
    };
    const tap = stream({ createOpusDecoder });
    for (const [i, sequence] of [1, 2, 40_000, 40_001].entries()) tap.receive(opus(sequence, 7), i * 20);
    expect(log).toEqual(['new', 'close', 'new']);
    tap.close();
    tap.close();
    expect(log).toEqual(['new', 'close', 'new', 'close']);
  });

  test('without a decoder it is counted', () => {
    const tap = stream();
    tap.receive(opus(0, 7), 0);
    expect(tap.stats.undecodable['no-opus-decoder']).toBe(1);
  });
});

describe('what goes wrong on the way', () => {
  test('garbage is counted by word and changes nothing', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    for (const junk of [new Uint8Array(0), new Uint8Array(100), rtp({ payloadType: 72, marker: true })])
      tap.receive(junk, 5);
    expect(samplesOf(tap.receive(frame(1), 20))).toEqual([...speech(FRAME, FRAME)]);
    expect(tap.stats.malformed).toMatchObject({ 'too-short': 1, 'not-version-2': 1, rtcp: 1 });
    expect(tap.stats.packets).toBe(5);
  });

  test('half a sample makes a packet junk, and silence takes its place', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    tap.receive(frame(1, { payload: new Uint8Array(639) }), 20);
    expect(samplesOf(tap.receive(frame(2), 40))).toEqual([...silence(FRAME), ...speech(2 * FRAME, FRAME)]);
    expect(tap.stats.undecodable['odd-length']).toBe(1);
  });

  test('a lost packet delays those behind it by the wait, no more, and becomes silence', () => {
    const tap = stream({ fragmentSamples: FRAME, reorderWaitMs: 60 });
    tap.open(0);
    tap.receive(frame(0), 0);
    expect(tap.receive(frame(2), 40)).toEqual([]);
    expect(tap.nextWake()).toBe(100);
    expect(samplesOf(tap.tick(100))).toEqual([...silence(FRAME), ...speech(2 * FRAME, FRAME)]);
    expect(tap.stats).toMatchObject({ lost: 1, silenceSamples: { lost: FRAME } });
  });

  test('a pause of the sender becomes silence of its length, and is a loss: a tap that lives never pauses', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    const later = frame(1, { timestamp: 50 * FRAME });
    expect(samplesOf(tap.receive(later, 1000))).toEqual([...silence(49 * FRAME), ...speech(FRAME, FRAME)]);
    expect(tap.stats.silenceSamples.pause).toBe(49 * FRAME);
    expect(tap.stats.lostMs).toBe(49 * 20);
    expect(tap.gaps).toEqual([{ at: 20, ms: 49 * 20, why: 'lost' }]);
  });

  test('comfort noise says that the sender pauses: silence of that length, and no loss', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    expect(tap.receive(frame(1, { payloadType: 13, payload: Uint8Array.of(0x30) }), 20)).toEqual([]);
    const later = frame(2, { timestamp: 4 * FRAME });
    expect(samplesOf(tap.receive(later, 80))).toEqual([...silence(3 * FRAME), ...speech(2 * FRAME, FRAME)]);
    expect(tap.stats).toMatchObject({
      comfortNoise: 1,
      unknownPayload: 0,
      lost: 0,
      lostMs: 0,
      silenceSamples: { 'comfort-noise': 3 * FRAME },
    });
  });

  test('sequence numbers that begin again, near or far, cost nothing while the timestamps go on', () => {
    for (const from of [-40, 31_000]) {
      const tap = stream({ fragmentSamples: FRAME });
      tap.open(0);
      const heard = Array.from({ length: 200 }, (_, i) =>
        // The first of the new ones is late: times of arrival would put silence there.
        tap.receive(frame(i, { sequence: i < 100 ? i : i + from }), i * 20 + (i === 100 ? 19 : 0)),
      );
      expect(samplesOf(heard.flat())).toEqual([...speech(0, 200 * FRAME)]);
      expect(tap.stats).toMatchObject({ restarts: 1, resyncs: 0, lost: 0, lostMs: 0, duplicate: 0, late: 0 });
    }
  });

  test('a stream that stops is silent to its end, which is counted as lost', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    expect(samplesOf(tap.end(3020))).toEqual(silence(150 * FRAME));
    expect(tap.stats).toMatchObject({ lostMs: 3000, unfilledMs: 0 });
    expect(tap.gaps).toEqual([{ at: 20, ms: 3000, why: 'lost' }]);
  });

  test('news of the end may be a little late, and a stream that stopped before the answer is never heard', () => {
    const [answered, rings] = [stream({ fragmentSamples: FRAME }), stream({ fragmentSamples: FRAME })];
    answered.open(0);
    for (const tap of [answered, rings]) tap.receive(frame(0), 0);
    expect(answered.end(1020)).toEqual([]);
    expect(rings.end(5000)).toEqual([]);
    expect(answered.stats.lostMs).toBe(0);
  });

  test('of a stop longer than is filled, the rest is counted', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    tap.receive(frame(1000), 20_000);
    expect(samplesOf(tap.tick(20_000 + DEFAULT_WAIT_MS))).toHaveLength(501 * FRAME);
    expect(tap.stats).toMatchObject({ lost: 999, lostMs: 10_000, unfilledMs: 9980, resyncs: 1 });
    expect(tap.end(40_020)).toHaveLength(500);
    expect(tap.stats).toMatchObject({ lostMs: 20_000, unfilledMs: 19_980 });
  });

  test('a sender that restarts goes on after the time it was away', () => {
    const tap = stream({ fragmentSamples: FRAME });
    tap.open(0);
    tap.receive(frame(0), 0);
    const anew = (i: number) => frame(i, { ssrc: 99, sequence: 700 + i, timestamp: 60_000 + i * FRAME });
    tap.receive(anew(1), 1020);
    const heard = samplesOf(tap.receive(anew(2), 1040));
    expect(heard).toEqual([...silence(16_000), ...speech(FRAME, 2 * FRAME)]);
    expect(tap.stats).toMatchObject({ restarts: 1, resyncs: 1, silenceSamples: { restart: 16_000 } });
  });
});

test('the end gives out what is held, what the resampler holds, and pads the last fragment', () => {
  const tap = stream({ fragmentSamples: 640 });
  tap.open(0);
  tap.receive(rtp({ sequence: 0, timestamp: 0, payloadType: 10, payload: l16(speech(0, 160)) }), 0);
  tap.receive(rtp({ sequence: 2, timestamp: 320, payloadType: 10, payload: l16(speech(320, 160)) }), 40);
  const heard = samplesOf(tap.end(50));
  expect(heard.filter((_, i) => i % 2 === 0)).toEqual([
    ...speech(0, 160),
    ...silence(160),
    ...speech(320, 160),
    ...silence(160),
  ]);
  expect(tap.stats).toMatchObject({ fragments: 2, samplesOut: 960, paddingSamples: 320, lost: 1 });
  expect(tap.end(60)).toEqual([]);
  expect(tap.nextWake()).toBeUndefined();
});

test('jitter is that of the arrivals', () => {
  const tap = stream();
  for (let i = 0; i < 500; i++) tap.receive(frame(i), i * 20 + (i % 2) * 4);
  expect(tap.stats.jitterMs).toBeCloseTo(4, 6);
});
