/**
 * The jitter buffer of one participant who is heard: it waits until enough is there, plays, and waits again when it ran
 * dry. What piles up beyond the limit is skipped, since whoever listens wants to hear now.
 */

export interface PlayoutOptions {
  readonly sampleRate: number;
  /** How much is gathered before it plays, in milliseconds. */
  readonly targetMs: number;
  /** With more than this it skips to the target. */
  readonly mostMs: number;
}

/** Edges shorter than this click, in samples. */
const FADE_SAMPLES = 64;
const FULL_SCALE = 32_768;

export class PlayoutBuffer {
  readonly #target: number;
  readonly #most: number;
  #pieces: Int16Array[] = [];
  /** How far the first piece is played. */
  #played = 0;
  #waiting = 0;
  #isPlaying = false;
  /** From 0 to 1, one step per sample after a start. */
  #gain = 0;
  #last = 0;
  #skipped = 0;
  #stalls = 0;

  constructor({ sampleRate, targetMs, mostMs }: PlayoutOptions) {
    this.#target = Math.round((sampleRate * targetMs) / 1000);
    this.#most = Math.round((sampleRate * mostMs) / 1000);
  }

  /** Samples that are there and not yet heard. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Samples that were left out, and how often there was nothing to play. */
  get figures(): { readonly skipped: number; readonly stalls: number } {
    return { skipped: this.#skipped, stalls: this.#stalls };
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#pieces.push(samples);
    this.#waiting += samples.length;
    if (this.#waiting > this.#most) this.#skip(this.#waiting - this.#target);
    if (this.#waiting >= this.#target) this.#isPlaying = true;
  }

  /** Adds to what is in `out` already, so that several participants are mixed by calling one after the other. */
  mixInto(out: Float32Array): void {
    for (let index = 0; index < out.length; index += 1) {
      const sample = this.#isPlaying ? this.#next() : undefined;
      if (sample === undefined) this.#last *= 1 - 1 / FADE_SAMPLES;
      else {
        this.#gain = Math.min(1, this.#gain + 1 / FADE_SAMPLES);
        this.#last = (sample / FULL_SCALE) * this.#gain;
      }
      out[index] = (out[index] ?? 0) + this.#last;
    }
  }

  #next(): number | undefined {
    const [piece] = this.#pieces;
    if (piece === undefined) {
      this.#isPlaying = false;
      this.#gain = 0;
      this.#stalls += 1;
      return undefined;
    }
    const sample = piece[this.#played];
    this.#played += 1;
    this.#waiting -= 1;
    if (this.#played >= piece.length) {
      this.#pieces.shift();
      this.#played = 0;
    }
    return sample;
  }

  #skip(count: number): void {
    this.#skipped += count;
    this.#gain = 0;
    for (let rest = count; rest > 0; ) {
      const [piece] = this.#pieces;
      if (piece === undefined) return;
      const step = Math.min(rest, piece.length - this.#played);
      this.#played += step;
      this.#waiting -= step;
      rest -= step;
      if (this.#played >= piece.length) {
        this.#pieces.shift();
        this.#played = 0;
      }
    }
  }
}
