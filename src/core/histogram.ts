/** How often a measured value fell into which of a few fixed ranges: what a Prometheus histogram is made of. */

/** What a histogram holds at one moment. */
export interface HistogramReading {
  /** Upper bounds of the ranges, which include them, in rising order. */
  readonly bounds: readonly number[];
  /** How many values lie in each range, and last how many lie above all bounds. */
  readonly counts: readonly number[];
  /** The sum of all values. */
  readonly sum: number;
}

export class Histogram implements HistogramReading {
  readonly bounds: readonly number[];
  readonly counts: number[];
  #sum = 0;

  /** `bounds` are upper bounds in rising order, in the unit of the values. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  get sum(): number {
    return this.#sum;
  }

  /** Counts one value, which is not negative. */
  observe(value: number): void {
    let index = 0;
    while (index < this.bounds.length && value > (this.bounds[index] ?? 0)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.#sum += value;
  }
}
