/**
 * The RTP payload types Asterisk uses for audio, and the formats we can ask it for.
 * Asterisk (main/rtp_engine.c) gives its linear formats fixed dynamic numbers, and sends slin as type 10, which
 * RFC 3551 has for 44.1 kHz stereo. The type that arrives decides, not what was asked for: versions before 18.21
 * and 20.6 may answer a wish for slin with mu-law.
 */

export type Codec = 'pcmu' | 'pcma' | 'l16' | 'opus';

export interface PayloadFormat {
  readonly codec: Codec;
  /** Hz. For opus the highest: a decoder may be asked for less. */
  readonly sampleRate: number;
  /** Hz of the timestamps. Asterisk's tick is one sample for every format here; opus always counts at 48 kHz (RFC 7587). */
  readonly clockRate: number;
}

/** What `media.format` may say; `auto` asks for linear audio at the channel's own rate. */
export const MEDIA_FORMATS = ['auto', 'slin', 'slin16', 'slin24', 'slin32', 'slin48', 'ulaw', 'alaw', 'opus'] as const;
export type MediaFormat = (typeof MEDIA_FORMATS)[number];

/** Asterisk's names for linear audio, by sample rate in Hz. */
const SLIN_BY_RATE: ReadonlyMap<number, string> = new Map([
  [8000, 'slin'],
  [12000, 'slin12'],
  [16000, 'slin16'],
  [24000, 'slin24'],
  [32000, 'slin32'],
  [44100, 'slin44'],
  [48000, 'slin48'],
]);

const FORMATS: ReadonlyMap<number, PayloadFormat> = new Map([
  [0, { codec: 'pcmu', sampleRate: 8000, clockRate: 8000 }],
  [8, { codec: 'pcma', sampleRate: 8000, clockRate: 8000 }],
  [10, linear(8000)],
  [107, { codec: 'opus', sampleRate: 48000, clockRate: 48000 }],
  [118, linear(16000)],
  [122, linear(12000)],
  [123, linear(24000)],
  [124, linear(32000)],
  [125, linear(44100)],
  [126, linear(48000)],
]);

/** Comfort noise (RFC 3389): the sender pauses, and says how its silence sounds. */
export const COMFORT_NOISE = 13;

/** What a payload type holds; undefined for one that Asterisk does not use for these formats. */
export function payloadFormat(payloadType: number): PayloadFormat | undefined {
  return FORMATS.get(payloadType);
}

/** The name of linear audio at a rate, for `externalMedia?format=`; undefined for a rate Asterisk has no name for. */
export function slinFor(sampleRate: number): string | undefined {
  return SLIN_BY_RATE.get(sampleRate);
}

function linear(sampleRate: number): PayloadFormat {
  return { codec: 'l16', sampleRate, clockRate: sampleRate };
}
