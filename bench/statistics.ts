/** Percentiles, medians and ratios: all the arithmetic that stands between what was measured and what is reported. */

/** What is told of many values. All are 0 where there were none. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** The value under or at which this share (0 to 1) of the values lies, by nearest rank; the values must be in rising order. */
export function percentile(inOrder: ArrayLike<number>, share: number): number {
  if (inOrder.length === 0) return 0;
  const rank = Math.ceil(share * inOrder.length);
  return inOrder[Math.min(inOrder.length, Math.max(1, rank)) - 1] ?? 0;
}

/** Sorts a copy; values that are no numbers are left out. */
export function spreadOf(values: Iterable<number>): Spread {
  const inOrder = Float64Array.from([...values].filter((value) => !Number.isNaN(value))).sort();
  const sum = inOrder.reduce((total, value) => total + value, 0);
  return {
    count: inOrder.length,
    mean: inOrder.length === 0 ? 0 : sum / inOrder.length,
    p50: percentile(inOrder, 0.5),
    p99: percentile(inOrder, 0.99),
    p999: percentile(inOrder, 0.999),
    max: percentile(inOrder, 1),
  };
}

/** The middle value, or the mean of the two in the middle; 0 of none. */
export function median(values: readonly number[]): number {
  const inOrder = values.toSorted((one, other) => one - other);
  const half = Math.floor(inOrder.length / 2);
  const upper = inOrder[half] ?? 0;
  return inOrder.length % 2 === 1 ? upper : ((inOrder[half - 1] ?? 0) + upper) / 2;
}

/** A ratio that was measured several times, each time both sides one right after the other. */
export interface PairedRatio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly pairs: readonly number[];
}

/**
 * Divides pair by pair, so that what makes the whole machine slower for a while makes both sides of a pair slower. Pairs
 * without a positive divisor are left out; undefined when none is left.
 */
export function pairedRatio(pairs: readonly (readonly [dividend: number, divisor: number])[]): PairedRatio | undefined {
  const ratios = pairs.filter(([, divisor]) => divisor > 0).map(([dividend, divisor]) => dividend / divisor);
  if (ratios.length === 0) return undefined;
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios), pairs: ratios };
}
