/** Where in a participant's stream silence stands for audio that was lost, or that was kept back. For the pictures of calls. */

export interface Gap {
  /** When it began, in ms, on the clock of the times of arrival. */
  readonly at: number;
  readonly ms: number;
  readonly why: 'lost' | 'paused';
}

/** Gaps nearer to each other than this are one, in ms. */
const NEAR_MS = 500;
/** No more than this are kept: what comes after makes the last of its kind longer. */
export const GAPS_KEPT = 200;

export class GapList {
  readonly #gaps: { at: number; ms: number; why: Gap['why'] }[] = [];

  get gaps(): readonly Gap[] {
    return this.#gaps.map((gap) => ({ ...gap }));
  }

  /** They come in the order of time. */
  add({ at, ms, why }: Gap): void {
    const last = this.#gaps.findLast((gap) => gap.why === why);
    const isNear = last !== undefined && at - (last.at + last.ms) <= NEAR_MS;
    if (last !== undefined && (isNear || this.#gaps.length >= GAPS_KEPT))
      last.ms = Math.max(last.ms, at + ms - last.at);
    else if (this.#gaps.length < GAPS_KEPT) this.#gaps.push({ at, ms, why });
  }
}
