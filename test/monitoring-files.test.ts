/** Page, dashboard and alert rules agree with the metrics that there are. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../src/core/errors.js';
import { METRICS, METRICS_PREFIX } from '../src/io/monitoring/metrics-table.js';
import { TRACE_PACKAGES } from '../src/io/monitoring/otlp-traces.js';
import { metricsTable } from './metrics-page.js';
import { type MonitoredParts, monitoredParts } from './monitored-parts.js';
import { type Scrape, seriesOf } from './prometheus-text.js';

const PAGE = readFileSync('docs/monitoring.md', 'utf8');
const DASHBOARD = readFileSync('monitoring/grafana/dashboards/ari-audio-stream.json', 'utf8');
const ALERTS = readFileSync('monitoring/prometheus/alerts.yml', 'utf8');

let parts: MonitoredParts;
let scraped: Scrape;
beforeAll(async () => {
  parts = await monitoredParts('ws://127.0.0.1:9/');
  scraped = await parts.scrape();
});
afterAll(() => parts.close());

/** All expressions, with the names of metrics and their selectors in them. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  dashboard: [...DASHBOARD.matchAll(/"(?:expr|query|definition)": ("(?:[^"\\]|\\.)*")/g)]
    .map(([, text = '""']) => JSON.parse(text) as string)
    .join('\n'),
  alerts: ALERTS,
};

describe.each(['dashboard', 'alerts'])('the %s', (name) => {
  const text = EXPRESSIONS[name] ?? '';
  const names = new Set(text.match(new RegExp(`${METRICS_PREFIX}\\w+`, 'g')));

  test('names only metrics that there are', () => {
    const known = (metric: string) => scraped.has(metric) || scraped.has(metric.replace(/_(bucket|sum|count)$/, ''));
    expect(names.size).toBeGreaterThan(8);
    expect([...names].filter((metric) => !known(metric))).toEqual([]);
  });

  test('selects only values of labels that there are', () => {
    const series = seriesOf(scraped);
    const selected = [...text.matchAll(new RegExp(`(${METRICS_PREFIX}\\w+)\\{([^}]*)\\}`, 'g'))];
    const wrong = selected.flatMap(([, metric = '', matchers = '']) =>
      matchers
        .split(',')
        .filter((matcher) => !/^(instance|job)=/.test(matcher))
        .filter((matcher) => !series.some((one) => one.startsWith(`${metric}{`) && one.includes(matcher))),
    );
    expect(wrong).toEqual([]);
  });

  test('groups only by labels that there are', () => {
    const labels = new Set([
      'instance',
      'le',
      ...METRICS.flatMap((metric) => ('labels' in metric ? metric.labels : [])),
    ]);
    const used = [...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
    expect(used.filter((label) => !labels.has(label))).toEqual([]);
  });
});

test('the dashboard shows every metric of ours', () => {
  const missing = METRICS.filter(({ name }) => !EXPRESSIONS.dashboard?.includes(`${METRICS_PREFIX}${name}`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

describe('docs/monitoring.md', () => {
  test('has the table of all metrics', () => {
    expect(PAGE).toContain(metricsTable());
  });

  test('says something about every alert, and about no other', () => {
    const alerts = [...ALERTS.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name);
    const told = [...PAGE.matchAll(/^\| `(AriAudioStream\w+)`/gm)].map(([, name]) => name);
    expect(told).toEqual(alerts);
  });

  test('names the packages for traces, in the versions that we test with', () => {
    const { devDependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const tested = TRACE_PACKAGES.map((each) => each.replace(/@[^@]+$/, ''));
    expect(TRACE_PACKAGES).toEqual(tested.map((name) => `${name}@${devDependencies?.[name]}`));
    expect(Object.keys(peerDependencies ?? {}).toSorted()).toEqual(tested.toSorted());
    expect(PAGE).toContain(`npm install ${TRACE_PACKAGES.join(' ')}`);
  });
});

test('labels with error codes name codes that are documented', () => {
  const codes = seriesOf(scraped).flatMap((series) => /code="(\w+)"/.exec(series)?.[1] ?? []);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !Object.hasOwn(ERROR_CODES, code))).toEqual([]);
});
