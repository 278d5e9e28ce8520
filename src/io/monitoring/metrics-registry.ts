/** The metrics in the text format of Prometheus: ours, and those of Node.js. */

import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type HistogramConfiguration,
  type MetricValueWithName,
  Registry,
} from 'prom-client';
import type { Figures } from '../../core/monitoring/figures.js';
import { type HistogramSample, labelsOf, METRICS, METRICS_PREFIX, type Metric, type Sample } from './metrics-table.js';

/** Gauges that are named like counters, which promtool minds. They are sums of others, and nobody misses them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export class MetricsRegistry {
  readonly #registry = new Registry();
  readonly #gather: () => Promise<Figures>;

  /** `gather` is asked once for each reading. */
  constructor(gather: () => Promise<Figures>) {
    this.#gather = gather;
    collectDefaultMetrics({ register: this.#registry, prefix: METRICS_PREFIX });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(`${METRICS_PREFIX}${name}`);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    const figures = await this.#gather();
    const ours = new Registry();
    for (const metric of METRICS) registerWith(ours, metric, figures);
    return `${await ours.metrics()}\n${await this.#registry.metrics()}`;
  }
}

export function nameOf({ name }: Metric): string {
  return `${METRICS_PREFIX}${name}`;
}

/** All that is counted is counted elsewhere: a reading makes its metrics anew and fills them. */
function registerWith(registry: Registry, metric: Metric, figures: Figures): void {
  const options = { name: nameOf(metric), help: metric.help, labelNames: labelsOf(metric), registers: [registry] };
  if (metric.type === 'histogram') {
    new FilledHistogram(options, metric.readHistograms(figures));
    return;
  }
  const values: readonly Sample[] =
    'read' in metric ? [{ labels: {}, value: metric.read(figures) }] : metric.readEach(figures);
  if (metric.type === 'gauge') {
    const gauge = new Gauge(options);
    for (const { labels, value } of values) gauge.set(labels, value);
  } else {
    const counter = new Counter(options);
    for (const { labels, value } of values) counter.inc(labels, value);
  }
}

/** A histogram whose ranges were counted elsewhere. */
class FilledHistogram extends Histogram {
  readonly #told: object;

  constructor(options: HistogramConfiguration<string>, samples: readonly HistogramSample[]) {
    super(options);
    const { name, help } = options;
    this.#told = { name, help, type: 'histogram', values: samples.flatMap((sample) => valuesOf(name, sample)) };
  }

  /** The registry asks for the text by this name. */
  async getForPromString(): Promise<object> {
    return this.#told;
  }
}

function valuesOf(name: string, { labels, reading }: HistogramSample): MetricValueWithName<string>[] {
  const { bounds, counts, sum } = reading;
  let below = 0;
  const buckets = [...bounds, '+Inf'].map((le, index) => {
    below += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  ];
}
