/** Looks at the add-on all along: its memory, what it really holds, its open files. */
import type { AddOnLife } from './add-on-life.js';

export interface Sample {
  readonly life: string;
  /** Since the soak began and since that life did, in s of the machine's time. */
  readonly at: number;
  readonly age: number;
  /** Bytes. */
  readonly rss: number;
  readonly handles: number;
  /** Bytes that are left after a garbage collection; undefined when it did not answer. */
  readonly live: number | undefined;
  /** Messages that wait for the receiver, whose audio is held meanwhile. */
  readonly waiting: number | undefined;
}

const LIMIT_MS = 2_000;

/** Undefined between two lives. */
export async function sampleOf(life: AddOnLife | undefined, begunAt: number): Promise<Sample | undefined> {
  const figures = life?.figures();
  if (life === undefined || figures === undefined) return undefined;
  const now = performance.now();
  const [live, metrics] = [await life.liveHeap(), await metricsOf(life).catch(() => undefined)];
  return {
    life: life.name,
    at: (now - begunAt) / 1000,
    age: (now - life.startedAt) / 1000,
    ...figures,
    live,
    waiting: metrics === undefined ? undefined : sumOf(metrics, 'queue_messages'),
  };
}

/** Series by their names, without the prefix that all have. */
export type Metrics = ReadonlyMap<string, number>;

export async function metricsOf({ monitoringUrl }: AddOnLife): Promise<Metrics> {
  const response = await fetch(`${monitoringUrl}/metrics`, { signal: AbortSignal.timeout(LIMIT_MS) });
  const text = await response.text();
  const series = [...text.matchAll(/^ari_audio_stream_(\S+(?:\{[^}]*\})?) (\S+)$/gm)];
  return new Map(series.map(([, name = '', value = '']) => [name, Number(value)]));
}

/** Of a metric over all values of its labels. */
export function sumOf(metrics: Metrics, name: string): number {
  let sum = 0;
  for (const [series, value] of metrics) if (series === name || series.startsWith(`${name}{`)) sum += value;
  return sum;
}
