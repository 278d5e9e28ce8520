/** The table of metrics as docs/monitoring.md has it. */
import { labelsOf, METRICS, METRICS_PREFIX } from '../src/io/monitoring/metrics-table.js';

const HEADING = ['Metric', 'Type', 'Labels', 'Unit', 'Meaning'];
const UNITS = /seconds|bytes|calls|participants|taps|fragments|messages|packets|connections|reconnects|failures/;

export function metricsTable(): string {
  const rows = METRICS.map((metric) => [
    `\`${METRICS_PREFIX}${metric.name}\``,
    metric.type,
    labelsOf(metric)
      .map((label) => `\`${label}\``)
      .join(', '),
    unitOf(metric.name),
    metric.help,
  ]);
  return [HEADING, HEADING.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A name ends in its unit, as Prometheus wants it, or says what it counts. */
function unitOf(name: string): string {
  if (/_(up|info)$/.test(name)) return 'none';
  return UNITS.exec(name.replace(/^(taps|fragments)_(?=.*seconds)/, ''))?.[0] ?? 'none';
}
