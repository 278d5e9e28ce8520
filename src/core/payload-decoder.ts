/** Turns RTP payloads of any format Asterisk sends into samples, keeping an Opus decoder where one is needed. */
import { decodeALaw, decodeMuLaw, G711_SILENCE_LEVEL } from './audio/g711.js';
import { decodeL16 } from './audio/l16.js';
import { type OpusDecoder, type OpusDecoderFactory, opusRateFor } from './audio/opus.js';
import type { PayloadFormat } from './rtp/payload-format.js';

export const UNDECODABLE = ['odd-length', 'bad-opus', 'no-opus-decoder'] as const;
export type Undecodable = (typeof UNDECODABLE)[number];

export class PayloadDecoder {
  readonly #wantedHz: number;
  readonly #createOpusDecoder: OpusDecoderFactory | undefined;
  #opus: OpusDecoder | undefined;

  /** `wantedHz` is the rate the samples are finally wanted at: Opus decodes straight to it where it can. */
  constructor(wantedHz: number, createOpusDecoder?: OpusDecoderFactory) {
    this.#wantedHz = wantedHz;
    this.#createOpusDecoder = createOpusDecoder;
  }

  /** Hz of the samples that `decode` gives for a format. */
  sampleRate({ codec, sampleRate }: PayloadFormat): number {
    return codec === 'opus' ? opusRateFor(this.#wantedHz) : sampleRate;
  }

  /** The largest absolute value that a format's silence decodes to. */
  silenceLevel({ codec }: PayloadFormat): number {
    return codec === 'pcmu' || codec === 'pcma' ? G711_SILENCE_LEVEL : 0;
  }

  /**
   * The samples of a payload, which lies in the datagram from `start` to `end`; they are there until the next one is decoded, by
   * whomever. A word for what is wrong with it.
   */
  decode(format: PayloadFormat, datagram: Uint8Array, start: number, end: number): Int16Array | Undecodable {
    switch (format.codec) {
      case 'pcmu':
        return decodeMuLaw(datagram, start, end);
      case 'pcma':
        return decodeALaw(datagram, start, end);
      case 'l16':
        return decodeL16(datagram, start, end);
      case 'opus':
        this.#opus ??= this.#createOpusDecoder?.(opusRateFor(this.#wantedHz));
        return this.#opus?.decode(datagram.subarray(start, end)) ?? 'no-opus-decoder';
    }
  }

  /** The sender has restarted: what was heard before says nothing about what comes. */
  restart(): void {
    this.close();
  }

  close(): void {
    this.#opus?.close();
    this.#opus = undefined;
  }
}
