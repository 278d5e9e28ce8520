/** The movement of a level meter: it rises at once, falls slowly, and holds its peak for a while. */
import { SILENCE_DBFS } from '../audio/level.js';

export interface Reading {
  /** What the bar shows, in dBFS. */
  readonly dbfs: number;
  /** Where the peak mark stands, in dBFS. */
  readonly heldDbfs: number;
}

/** Between the 8.6 dB/s of a programme meter (IEC 60268-10, type II) and the haste of a digital one: speech stays readable. */
const FALL_DB_PER_S = 20;
const HOLD_MS = 1_500;

export class LevelMeter {
  #dbfs = SILENCE_DBFS;
  #heardAt = 0;
  #heldDbfs = SILENCE_DBFS;
  #heldSince = 0;

  /** Takes the levels of the next stretch of audio, in dBFS; `now` in milliseconds, monotonic. */
  hear(rms: number, peak: number, now: number): void {
    const { heldDbfs } = this.read(now);
    this.#dbfs = Math.max(rms, this.#fallen(now));
    this.#heardAt = now;
    if (peak < heldDbfs) return;
    this.#heldDbfs = peak;
    this.#heldSince = now;
  }

  read(now: number): Reading {
    const dbfs = this.#fallen(now);
    const fallingMs = Math.max(0, now - this.#heldSince - HOLD_MS);
    return { dbfs, heldDbfs: Math.max(dbfs, this.#heldDbfs - (FALL_DB_PER_S * fallingMs) / 1000) };
  }

  #fallen(now: number): number {
    return Math.max(SILENCE_DBFS, this.#dbfs - (FALL_DB_PER_S * Math.max(0, now - this.#heardAt)) / 1000);
  }
}
