/** Reads the text format of Prometheus as strictly as its description allows, and no sloppier scraper would. */

export interface ScrapedMetric {
  readonly type: string;
  readonly help: string;
  /** By the text of its series, such as `calls_total` or `x_bucket{le="1"}`. */
  readonly series: Map<string, number>;
}

export type Scrape = ReadonlyMap<string, ScrapedMetric>;

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\n"])*"';
/** Numbers are what Go's ParseFloat takes, for which `Nan` is one as well. */
const SERIES = new RegExp(
  `^(${NAME})(\\{${LABEL}(?:,${LABEL})*\\})? ([Nn]a[Nn]|[+-]Inf|-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)$`,
);
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/** Throws at the first line that is not of the format (version 0.0.4). */
export function parsePrometheusText(text: string): Scrape {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const reader = new Reader();
  for (const line of text.slice(0, -1).split('\n')) if (line !== '') reader.take(line);
  for (const [name, metric] of reader.metrics) check(name, metric);
  return reader.metrics;
}

class Reader {
  readonly metrics = new Map<string, ScrapedMetric>();
  #help: { readonly name: string; readonly text: string } | undefined;
  #present: { readonly name: string; readonly metric: ScrapedMetric } | undefined;

  take(line: string): void {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      this.#help = { name, text: rest };
      this.#present = undefined;
    } else if (kind === 'TYPE') {
      this.#begin(name, rest);
    } else {
      takeSample(line, this.#present);
    }
  }

  #begin(name: string, type: string): void {
    if (this.#help?.name !== name) throw new Error(`no HELP before the TYPE of ${name}`);
    if (this.metrics.has(name)) throw new Error(`for the second time: ${name}`);
    if (!TYPES.includes(type)) throw new Error(`no such type: ${type}`);
    const metric = { type, help: this.#help.text, series: new Map<string, number>() };
    this.#present = { name, metric };
    this.metrics.set(name, metric);
  }
}

/** The value of a series, which must be there. */
export function sampleOf(scrape: Scrape, series: string): number {
  const name = series.replace(/\{.*/, '');
  const metric = scrape.get(name) ?? scrape.get(name.replace(/_(bucket|sum|count)$/, ''));
  const value = metric?.series.get(series);
  if (value === undefined) throw new Error(`there is no ${series}`);
  return value;
}

/** The names of all series. */
export function seriesOf(scrape: Scrape): string[] {
  return [...scrape.values()].flatMap(({ series }) => [...series.keys()]);
}

function takeSample(line: string, present: { name: string; metric: ScrapedMetric } | undefined): void {
  const match = SERIES.exec(line);
  if (match === null) throw new Error(`not of the format: ${line}`);
  const [, name = '', labels = '', value = ''] = match;
  if (present === undefined) throw new Error(`no TYPE before: ${line}`);
  const { type, series } = present.metric;
  const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] }[type] ?? [''];
  if (!suffixes.some((suffix) => name === `${present.name}${suffix}`)) {
    throw new Error(`not of ${present.name}: ${line}`);
  }
  if (series.has(`${name}${labels}`)) throw new Error(`for the second time: ${line}`);
  series.set(`${name}${labels}`, Number(value.replace('Inf', 'Infinity')));
}

function check(name: string, { type, series }: ScrapedMetric): void {
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`a counter must end in _total: ${name}`);
  if (type === 'counter' && [...series.values()].some((value) => !(value >= 0))) throw new Error(`below 0: ${name}`);
  if (type !== 'counter' && name.endsWith('_total')) throw new Error(`only a counter ends in _total: ${name}`);
  if (type === 'histogram') checkHistogram(name, series);
}

function checkHistogram(name: string, series: ReadonlyMap<string, number>): void {
  const groups = new Map<string, number[]>();
  for (const [line, value] of series) {
    if (!line.startsWith(`${name}_bucket`)) continue;
    const labels = line
      .slice(`${name}_bucket`.length)
      .replace(/le="[^"]*",?/, '')
      .replace(/,?\}$/, '}')
      .replace('{}', '');
    groups.set(labels, [...(groups.get(labels) ?? []), value]);
  }
  for (const [labels, buckets] of groups) {
    const rises = buckets.every((value, index) => index === 0 || value >= (buckets[index - 1] ?? 0));
    if (!rises) throw new Error(`buckets that fall: ${name}${labels}`);
    if (series.get(`${name}_count${labels}`) !== buckets.at(-1))
      throw new Error(`_count is not +Inf: ${name}${labels}`);
    if (series.get(`${name}_sum${labels}`) === undefined) throw new Error(`no _sum: ${name}${labels}`);
  }
}
