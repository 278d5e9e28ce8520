/** How fast a figure grows, found by the method of least squares over several lives of a process. */

export interface Point {
  /** Points of one life have a level of their own: a process that was started anew begins anew. */
  readonly life: string;
  readonly hours: number;
  readonly value: number;
}

export interface Slope {
  /** Growth in an hour. */
  readonly perHour: number;
  /** Half the width of the interval that holds the true one with a chance of about 95 %. */
  readonly uncertainty: number;
  /** Hours that all lives together have been watched. */
  readonly hours: number;
}

/** So many standard errors on either side, as for many points. */
const STANDARD_ERRORS = 2;

/** Undefined when there is too little to draw a line through. */
export function slopeOf(points: readonly Point[]): Slope | undefined {
  const lives = new Map<string, Point[]>();
  for (const point of points) lives.set(point.life, [...(lives.get(point.life) ?? []), point]);
  let [square, product, hours] = [0, 0, 0];
  const centred: { x: number; y: number }[] = [];
  for (const life of lives.values()) {
    const meanX = mean(life.map((point) => point.hours));
    const meanY = mean(life.map(({ value }) => value));
    const times = life.map((point) => point.hours);
    hours += Math.max(...times) - Math.min(...times);
    for (const point of life) {
      const [x, y] = [point.hours - meanX, point.value - meanY];
      centred.push({ x, y });
      square += x * x;
      product += x * y;
    }
  }
  const free = points.length - lives.size - 1;
  if (square === 0 || free < 1) return undefined;
  const perHour = product / square;
  const rest = centred.reduce((sum, { x, y }) => sum + (y - perHour * x) ** 2, 0);
  return { perHour, uncertainty: STANDARD_ERRORS * Math.sqrt(rest / free / square), hours };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
