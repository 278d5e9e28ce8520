/**
 * Keeps the last moments of audio before a participant has answered. The news of the answer may reach us after the
 * first audio of the answer; until then Asterisk's snoop sends exact silence. So what is kept, less the silence it
 * begins with, is what was said before we knew.
 */

/** Samples of one rate, in order. */
export interface AudioBlock {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  /** The largest absolute value that is silence in these samples: 0 for linear audio, a little more for G.711. */
  readonly silenceLevel: number;
}

export const LOOKBACK_MS = 500;

export class PreRoll {
  readonly #lookbackMs: number;
  #blocks: AudioBlock[] = [];
  #keptMs = 0;

  constructor(lookbackMs: number = LOOKBACK_MS) {
    this.#lookbackMs = lookbackMs;
  }

  /** Keeps a copy of a block, and forgets what is older than the look-back. */
  push(block: AudioBlock): void {
    this.#blocks.push({ ...block, samples: block.samples.slice() });
    this.#keptMs += durationMs(block);
    for (let oldest = this.#blocks[0]; oldest !== undefined; oldest = this.#blocks[0]) {
      const surplusMs = this.#keptMs - this.#lookbackMs;
      const surplus = Math.floor((surplusMs * oldest.sampleRate) / 1000);
      if (surplus <= 0) return;

      const rest = from(oldest, Math.min(surplus, oldest.samples.length));
      this.#keptMs += durationMs(rest) - durationMs(oldest);
      if (rest.samples.length > 0) this.#blocks[0] = rest;
      else this.#blocks.shift();
    }
  }

  /** Hands over what is kept, from the first sample that is not silence on, and keeps nothing. */
  open(): AudioBlock[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#keptMs = 0;
    const first = blocks.findIndex((block) => firstSound(block) >= 0);
    return first < 0 ? [] : blocks.slice(first).map((block, i) => (i === 0 ? from(block, firstSound(block)) : block));
  }
}

function durationMs({ samples, sampleRate }: AudioBlock): number {
  return (samples.length * 1000) / sampleRate;
}

function from({ samples, sampleRate, silenceLevel }: AudioBlock, start: number): AudioBlock {
  return { samples: samples.subarray(start), sampleRate, silenceLevel };
}

function firstSound({ samples, silenceLevel }: AudioBlock): number {
  return samples.findIndex((sample) => Math.abs(sample) > silenceLevel);
}
