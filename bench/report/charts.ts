/** Which of the results are drawn, and how. */
import type { MediaResult } from '../media/media-bench.js';
import type { SystemCost } from '../system/system-bench.js';
import type { BarChart, BarGroup } from './bar-chart.js';
import type { BenchResults } from './results.js';

const MILLION = 1e6;
const PERCENT = 100;

export function chartsOf({ media, system, setUp }: Pick<BenchResults, 'media' | 'system' | 'setUp'>): BarChart[] {
  return [
    {
      title: 'Processor time against the floor, by participants',
      parts: [],
      groups: byPath(media, ({ ratio }) => [ratio?.median ?? 0]),
      lines: [
        { label: 'target 8 → 8 kHz', at: 1.4 },
        { label: 'target 8 → 16 kHz', at: 1.8 },
      ],
    },
    {
      title: 'Processor time for each participant, in millionths of a core, by participants',
      parts: ['floor', 'beyond the floor'],
      groups: byPath(media, ({ cpu, floorCpu }) => [floorCpu * MILLION, Math.max(0, cpu - floorCpu) * MILLION]),
      lines: [],
    },
    {
      title: 'Added delay that 99 % of the fragments stay under, in ms, by participants',
      parts: [],
      groups: byPath(media, ({ delay }) => [delay.p99]),
      lines: [{ label: 'target', at: 10 }],
    },
    {
      title: 'Whole system, in % of a core',
      parts: ['Asterisk', 'program', 'receiver'],
      groups: system.map(({ calls, untapped, tapped, websocket }) => ({
        label: `${calls} calls`,
        bars: [
          { label: 'untapped', parts: partsOf(untapped) },
          { label: 'ari-audio-stream', parts: partsOf(tapped) },
          ...(websocket === undefined ? [] : [{ label: 'chan_websocket', parts: partsOf(websocket) }]),
        ],
      })),
      lines: [],
    },
    {
      title: 'Audio missing after the answer, in ms',
      parts: [],
      groups: setUp.map(({ callsPerSecond, ringMs, missingMs }) => ({
        label: `${callsPerSecond} calls/s, ringing ${ringMs} ms`,
        bars: [
          { label: 'median', parts: [missingMs.p50] },
          { label: 'p99', parts: [missingMs.p99] },
          { label: 'most', parts: [missingMs.max] },
        ],
      })),
      lines: [{ label: 'target', at: 20 }],
    },
  ];
}

function byPath(media: readonly MediaResult[], parts: (result: MediaResult) => number[]): BarGroup[] {
  return [...new Set(media.map(({ title }) => title))].map((title) => ({
    label: title,
    bars: media
      .filter((one) => one.title === title)
      .map((one) => ({ label: `${one.participants}${one.isValid ? '' : ' !'}`, parts: parts(one) })),
  }));
}

function partsOf({ asterisk, addOn, sink }: SystemCost): number[] {
  return [asterisk, addOn, sink].map((share) => PERCENT * share);
}
