/** On what a benchmark ran, without saying where: no names of hosts, no folders. */
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { projectRoot } from '../lab/project-root.js';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly architecture: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Of this project. */
  readonly version: string;
  /** Undefined where no benchmark needed one. */
  readonly asterisk: string | undefined;
  /** Running processes on average over the minute before the benchmarks: above some tenths others disturbed them. */
  readonly loadBefore: number;
}

const GIB = 2 ** 30;

export function describeMachine(): Omit<Machine, 'asterisk'> {
  const { version } = JSON.parse(readFileSync(`${projectRoot()}/package.json`, 'utf8')) as { version: string };
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    architecture: arch(),
    memoryGiB: Math.round((10 * totalmem()) / GIB) / 10,
    // A distribution's or a provider's suffix may carry a name.
    kernel: `${type()} ${release().match(/^\d+(\.\d+)*/)?.[0] ?? ''}`,
    node: process.version,
    version,
    loadBefore: Math.round(100 * (loadavg()[0] ?? 0)) / 100,
  };
}
