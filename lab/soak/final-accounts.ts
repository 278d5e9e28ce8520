/** The end of a soak: all is idle, and what was counted on one side is held against what was counted on the other. */
import { until } from '../until.js';
import { type Account, accountOf, type LifeEnd, NO_TOTALS, type Totals } from './accounts.js';
import type { AddOnLife } from './add-on-life.js';
import type { CountingReceiver } from './counting-receiver.js';
import { type Metrics, metricsOf, sumOf } from './watch.js';

/** An end that the receiver was away for is offered to it for 30 s after the call's end. */
const IDLE_LIMIT_MS = 60_000;
/** Gauges that are 0 when nothing is up. */
const IDLE_GAUGES = ['calls_active', 'participants_active', 'taps_active', 'queue_messages', 'receiver_connections'];

/** Waits until the add-on has nothing to do any more; in words what it never finished. */
export async function untilIdle(life: AddOnLife, receiver: CountingReceiver): Promise<string[]> {
  const busy = (metrics: Metrics): string[] =>
    IDLE_GAUGES.filter((name) => sumOf(metrics, name) !== 0).map(
      (name) => `after all calls ${name} is ${sumOf(metrics, name)} in ${life.name}`,
    );
  let last: string[] = [`${life.name} does not answer at its monitoring address`];
  const isIdle = async (): Promise<boolean> => {
    last = busy(await metricsOf(life));
    return last.length === 0 && receiver.connections() === 0;
  };
  await until('the add-on is idle', () => isIdle().catch(() => false), IDLE_LIMIT_MS).catch(() => undefined);
  const open = receiver.connections();
  return open === 0 ? last : [...last, `after all calls ${open} connections to the receiver are open`];
}

/** What the metrics of an idle life count, held against its log. */
export async function problemsOfMetrics(life: AddOnLife): Promise<string[]> {
  const metrics = await metricsOf(life);
  const { streams, fragments, deliveries } = life.record;
  const sent = [...fragments.values()].reduce((sum, count) => sum + count, 0);
  const lost = [...deliveries.values()].reduce((sum, { dropped, unconfirmed }) => sum + dropped + unconfirmed, 0);
  const wanted: readonly (readonly [name: string, count: number])[] = [
    ['participants_total', streams.length],
    ['fragments_total', sent],
    ['fragments_lost_total', lost],
  ];
  return wanted
    .filter(([name, count]) => sumOf(metrics, name) !== count)
    .map(([name, count]) => `${life.name} has ${name} at ${sumOf(metrics, name)}, and its log adds up to ${count}`);
}

/** All lives together. */
export function accountOfAll(
  lives: readonly { readonly life: AddOnLife; readonly end: LifeEnd }[],
  receiver: CountingReceiver,
): Account {
  const totals: Totals = { ...NO_TOTALS };
  const problems: string[] = receiver.faults.map((fault) => `the receiver: ${fault}`);
  for (const { life, end } of lives) {
    const received = [...receiver.participants].filter((one) => one.life === life.name);
    const account = accountOf(life.record, end, received);
    problems.push(...[...life.record.problems, ...account.problems].map((problem) => `${life.name}: ${problem}`));
    for (const name of Object.keys(totals) as (keyof Totals)[]) totals[name] += account.totals[name];
  }
  return { problems, totals };
}

/** A life's end closes its connections, as soon as the receiver reads. */
export function leftOpen(lives: readonly { readonly life: AddOnLife }[], receiver: CountingReceiver): string[] {
  return lives.flatMap(({ life: { name } }) => {
    const open = receiver.connections(name);
    return open === 0 ? [] : [`${name} has ended, and ${open} of its connections are open`];
  });
}
