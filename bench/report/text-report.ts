/** The results as text for a terminal. */
import type { ControlResult } from '../control/control-bench.js';
import type { KernelResult } from '../kernels/kernels.js';
import type { Machine } from '../machine.js';
import type { MediaResult } from '../media/media-bench.js';
import type { SetUpResult } from '../setup/setup-bench.js';
import type { PairedRatio } from '../statistics.js';
import type { SystemCost, SystemResult } from '../system/system-bench.js';
import type { BenchResults } from './results.js';
import { figure, percent, table } from './table.js';
import { distance, isMet, type Target, targetsOf } from './targets.js';

const MILLION = 1e6;
const KB = 1000;

export function textReport(results: BenchResults): string {
  const { machine, media, kernels, system, setUp, control, failures } = results;
  const parts = [
    machineText(machine),
    ...(media.length > 0
      ? [mediaText(media, results.options.workers), ...tlsText(media), ...media.flatMap(topText)]
      : []),
    ...(kernels.length > 0 ? [kernelsText(kernels)] : []),
    ...(system.length > 0 ? [systemText(system)] : []),
    ...(setUp.length > 0 ? [setUpText(setUp)] : []),
    ...(control === undefined ? [] : [controlText(control)]),
    targetsText(targetsOf(results)),
    ...failures.map((failure) => `Not measured: ${failure}`),
  ];
  return `${parts.join('\n\n')}\n`;
}

function machineText({
  cpu,
  cores,
  architecture,
  memoryGiB,
  kernel,
  node,
  asterisk,
  version,
  loadBefore,
}: Machine): string {
  const parts = [
    `ari-audio-stream ${version}`,
    `${cores} × ${cpu} (${architecture})`,
    `${memoryGiB} GiB`,
    kernel,
    `Node ${node}`,
    ...(asterisk === undefined ? [] : [`Asterisk ${asterisk}`]),
    `load before ${loadBefore}`,
  ];
  return parts.join(', ');
}

function mediaText(media: readonly MediaResult[], workers: unknown): string {
  const nameOf = ({ isValid, title }: MediaResult): string => (isValid ? title : `${title} INVALID`);
  const costs = table(
    [
      'Media path: cost',
      'participants',
      'CPU, all',
      '× floor',
      'CPU each',
      'user',
      'system',
      'GC',
      'RSS each',
      'in use',
    ],
    media.map((one) => [
      nameOf(one),
      String(one.participants),
      percent(one.cpu * one.participants),
      ratioText(one.ratio),
      figure(one.cpu * MILLION, 0),
      figure(one.user * MILLION, 0),
      figure(one.system * MILLION, 0),
      percent(one.gcShare),
      figure(one.rssOctets / KB, 0, 'KB'),
      figure(one.rssInUseOctets / KB, 0, 'KB'),
    ]),
  );
  const delays = table(
    ['Media path: delay', 'participants', 'p50', 'p99', 'p99.9', 'max', 'floor p99', 'loop p99', 'loop max', 'lost'],
    media.map((one) => [
      nameOf(one),
      String(one.participants),
      figure(one.delay.p50, 2),
      figure(one.delay.p99, 2),
      figure(one.delay.p999, 2),
      figure(one.delay.max, 1),
      figure(one.floorDelayP99, 2),
      figure(one.loopDelayP99, 1),
      figure(one.loopDelayMost, 1),
      `${one.lostPackets} + ${one.missingFragments}`,
    ]),
  );
  return [
    costs,
    `media.workers ${workers}. CPU all of one core, GC of that; each: microseconds in a second.`,
    'RSS: growth since before they came, after a collection of garbage; in use: with the garbage, while they speak.',
    '',
    delays,
    'In ms, the worst round. Loop: lateness of the event loop. Lost: packets + fragments.',
  ].join('\n');
}

function tlsText(media: readonly MediaResult[]): string[] {
  const rows = media.flatMap(({ title, participants, tls, rssOctets }) =>
    tls === undefined
      ? []
      : [
          [
            title,
            String(participants),
            ratioText(tls.ratio),
            figure((rssOctets - tls.plainRssOctets) / KB, 0, 'KB'),
            figure(tls.connectMs, 2),
            figure(tls.plainConnectMs, 2),
            tls.cipher,
          ],
        ],
  );
  if (rows.length === 0) return [];
  const header = ['wss:// against ws://', 'participants', '× ws', 'RSS more, each', 'connect', 'ws', 'cipher'];
  return [
    `${table(header, rows)}\nConnect: processor time to set up one connection more, in ms; it is in no other figure.`,
  ];
}

function topText({ title, participants, top }: MediaResult): string[] {
  if (top === undefined) return [];
  const rows = top.map(({ name, share }) => [name, percent(share)]);
  return [table([`Where the time goes: ${title}, ${participants} participants`, 'self'], rows)];
}

function kernelsText(kernels: readonly KernelResult[]): string {
  const rows = kernels.flatMap(({ title, candidates }) =>
    candidates.map(({ name, us, ratio }, index) => [
      index === 0 ? `${title}: ${name} (in use)` : `  ${name}`,
      figure(us, 3),
      index === 0 ? '' : ratioText(ratio),
    ]),
  );
  return table(['Kernels', 'µs', '× ours'], rows);
}

function systemText(system: readonly SystemResult[]): string {
  const row = (name: string, cost: SystemCost | undefined): string[] => {
    if (cost === undefined) return [name, '–', '–', '–', '–', '–'];
    const { asterisk, addOn, sink, messages } = cost;
    return [
      name,
      percent(asterisk),
      percent(addOn),
      percent(sink),
      percent(asterisk + addOn + sink),
      figure(messages, 0),
    ];
  };
  const rows = system.flatMap(({ calls, untapped, tapped, websocket, addOnToAsterisk, toWebsocket }) => [
    row(`${calls} calls, untapped`, untapped),
    row(`${calls} calls, ari-audio-stream`, tapped),
    row(`${calls} calls, chan_websocket`, websocket),
    [`  program / Asterisk's taps ${ratioText(addOnToAsterisk)}; all / chan_websocket ${ratioText(toWebsocket)}`],
  ]);
  return table(['Whole system, of one core', 'Asterisk', 'program', 'receiver', 'together', 'messages/s'], rows);
}

function setUpText(setUp: readonly SetUpResult[]): string {
  const header = [
    'Set-up',
    'heard',
    'missing p50',
    'p99',
    'max',
    '> 20 ms',
    'warm-up > 20 ms',
    'first fragment p50',
    'p99',
    'requests/tap',
  ];
  const rows = setUp.map((one) => [
    `${one.callsPerSecond} calls/s, ringing ${one.ringMs} ms`,
    `${one.heard} of ${one.participants}`,
    figure(one.missingMs.p50, 1),
    figure(one.missingMs.p99, 1),
    figure(one.missingMs.max, 1),
    String(one.above20Ms),
    `${one.warmUp.above20Ms} of ${one.warmUp.participants}`,
    figure(one.firstFragmentMs.p50, 0),
    figure(one.firstFragmentMs.p99, 0),
    figure(
      Object.values(one.requestsPerTap).reduce((sum, count) => sum + count, 0),
      1,
    ),
  ]);
  return `${table(header, rows)}\nIn ms, from the answer on.`;
}

function controlText({ standingCalls, phases, isValid }: ControlResult): string {
  const rows = phases.map(({ name, delayMs, loopMs }) => [
    name,
    figure(delayMs.p50, 2),
    figure(delayMs.p999, 1),
    figure(delayMs.max, 1),
    figure(Math.min(...loopMs), 1),
  ]);
  const title = `Control work beside ${standingCalls} calls${isValid ? '' : ' INVALID'}`;
  return table([title, 'delay p50', 'p99.9', 'max', 'loop max'], rows);
}

export function targetsText(targets: readonly Target[]): string {
  const rows = targets.map((one) => [
    one.name,
    `${one.isLeast ? '≥' : '≤'} ${one.target} ${one.unit}`.trim(),
    figure(one.measured, one.isLeast ? 0 : 2, one.unit),
    figure(distance(one), 2, '×'),
    verdict(one),
  ]);
  return table(['Target', 'wanted', 'measured', 'of target', ''], rows);
}

function verdict(one: Target): string {
  if (one.measured === undefined) return 'not measured';
  if (one.doubt !== undefined) return `INVALID: ${one.doubt}`;
  return isMet(one) ? 'met' : 'NOT MET';
}

function ratioText(ratio: PairedRatio | undefined): string {
  if (ratio === undefined) return '–';
  const { median, least, most, pairs } = ratio;
  return pairs.length === 1 ? median.toFixed(2) : `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}
