import { describe, expect, test } from '@jest/globals';
import { StreamError } from '../../core/errors.js';
import { loadOpusDecoder } from './opus-decoder.js';

/** The package's own encoder, or undefined where the optional dependency is not installed. */
interface Encoder {
  encode(pcm: Buffer): Buffer;
}
type EncoderClass = new (sampleRate: number, channels: number) => Encoder;
const name: string = '@discordjs/opus';
const installed: { default: { OpusEncoder: EncoderClass } } | undefined = await import(name).catch(() => undefined);

/** 20 ms packets of a tone of 440 Hz at amplitude 8000, as Asterisk would send them. */
function tonePackets({ OpusEncoder }: { OpusEncoder: EncoderClass }, count: number): Buffer[] {
  const encoder = new OpusEncoder(48_000, 1);
  return Array.from({ length: count }, (_, frame) => {
    const samples = Int16Array.from(
      { length: 960 },
      (_, i) => 8000 * Math.sin((2 * Math.PI * 440 * (frame * 960 + i)) / 48_000),
    );
    return encoder.encode(Buffer.from(samples.buffer));
  });
}

/** The amplitude of one frequency, by correlation with sine and cosine. */
function strengthAt(hz: number, sampleRate: number, samples: Int16Array): number {
  let sine = 0;
  let cosine = 0;
  for (const [i, sample] of samples.entries()) {
    sine += sample * Math.sin((2 * Math.PI * hz * i) / sampleRate);
    cosine += sample * Math.cos((2 * Math.PI * hz * i) / sampleRate);
  }
  return (2 * Math.hypot(sine, cosine)) / samples.length;
}

(installed === undefined ? describe.skip : describe)('with @discordjs/opus', () => {
  const packets = installed === undefined ? [] : tonePackets(installed.default, 50);

  test.each([8000, 12_000, 16_000, 24_000, 48_000])('decodes a tone straight to %i Hz', async (sampleRate) => {
    const decoder = (await loadOpusDecoder())(sampleRate);
    const blocks = packets.map((packet) => decoder.decode(packet));
    const samples = Int16Array.from(blocks.flatMap((block) => (typeof block === 'string' ? [] : [...block])));
    expect(samples).toHaveLength(sampleRate);
    const settled = samples.subarray(sampleRate / 2);
    expect(strengthAt(440, sampleRate, settled)).toBeGreaterThan(7500);
    expect(strengthAt(440, sampleRate, settled)).toBeLessThan(8500);
    expect(strengthAt(1234, sampleRate, settled)).toBeLessThan(80);
    decoder.close();
  });

  test('junk is a word, and the decoder goes on', async () => {
    const decoder = (await loadOpusDecoder())(16_000);
    expect(decoder.decode(new Uint8Array(0))).toBe('bad-opus');
    expect(decoder.decode(Uint8Array.of(0xff, 0xff, 0xff))).toBe('bad-opus');
    expect(decoder.decode(packets[0] ?? new Uint8Array(0))).toHaveLength(320);
  });

  test("a block is the caller's to keep: the next packet does not change it", async () => {
    const decoder = (await loadOpusDecoder())(16_000);
    const first = decoder.decode(packets[10] ?? new Uint8Array(0));
    const copy = first.slice();
    decoder.decode(packets[11] ?? new Uint8Array(0));
    expect(first).toEqual(copy);
  });

  test('a closed decoder decodes no more, and closing twice is harmless', async () => {
    const decoder = (await loadOpusDecoder())(16_000);
    decoder.close();
    decoder.close();
    expect(decoder.decode(packets[0] ?? new Uint8Array(0))).toBe('bad-opus');
  });
});

describe('without the package', () => {
  test('says what to install or to choose instead', async () => {
    const absent = loadOpusDecoder(() =>
      Promise.reject(new Error("Cannot find package '@discordjs/opus'\nRequire stack")),
    );
    const error: unknown = await absent.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({
      code: 'OPUS_UNAVAILABLE',
      blame: 'machine',
      message: expect.stringMatching(/Cannot find package[^\n]*npm install @discordjs\/opus[^\n]*media\.format/),
    });
  });

  test('a package of another shape is refused as well', async () => {
    await expect(loadOpusDecoder(() => Promise.resolve({ default: {} }))).rejects.toMatchObject({
      code: 'OPUS_UNAVAILABLE',
    });
  });
});
