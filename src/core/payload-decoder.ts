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

  /** The samples of a payload, there until the next one is decoded, by whomever; a word for what is wrong with it. */
  decode(format: PayloadFormat, payload: Uint8Array): Int16Array | Undecodable {
    switch (format.codec) {
      case 'pcmu':
        return decodeMuLaw(payload);
      case 'pcma':
        return decodeALaw(payload);
      case 'l16':
        return decodeL16(payload);
      case 'opus':
        this.#opus ??= this.#createOpusDecoder?.(opusRateFor(this.#wantedHz));
        return this.#opus?.decode(payload) ?? 'no-opus-decoder';
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
