/** What an Opus decoder is (RFC 6716): packets in, mono samples out, at one of the rates the codec itself can give. */

export interface OpusDecoder {
  /** The samples of one packet, the caller's to keep; a word for a packet that is none. */
  decode(packet: Uint8Array): Int16Array | 'bad-opus';
  /** Frees what the decoder holds. A second call does nothing. */
  close(): void;
}

/** Makes a decoder that gives samples at `sampleRate` Hz, one of OPUS_RATES. */
export type OpusDecoderFactory = (sampleRate: number) => OpusDecoder;

/** Hz. An Opus decoder gives any of these from any packet, so that no resampler is needed. */
export const OPUS_RATES: readonly number[] = [8000, 12000, 16000, 24000, 48000];

/** The rate to decode at when `wantedHz` is wanted: that rate itself where Opus has it, else the best. */
export function opusRateFor(wantedHz: number): number {
  return OPUS_RATES.includes(wantedHz) ? wantedHz : 48000;
}
