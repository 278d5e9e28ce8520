/** Where the time of a CPU profile goes: the functions in which most of it is spent, callees not counted. */
import { readFile } from 'node:fs/promises';

export interface TopFunction {
  readonly name: string;
  /** Of the time that was not idle. */
  readonly share: number;
}

/** The part of V8's .cpuprofile that is needed. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const TOP = 25;
const IDLE = '(idle)';

export async function topFunctions(file: string, most = TOP): Promise<TopFunction[]> {
  return selfTimes(JSON.parse(await readFile(file, 'utf8')) as CpuProfile).slice(0, most);
}

/** All functions, the costliest first. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): TopFunction[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '?';
    // A sample stands for the time until the next one.
    times.set(name, (times.get(name) ?? 0) + Math.max(0, timeDeltas[index + 1] ?? 0));
  }
  times.delete(IDLE);
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .map(([name, time]) => ({ name, share: total === 0 ? 0 : time / total }))
    .sort((one, other) => other.share - one.share);
}

/** `base64Of relay-socket.js:176`; V8's own, such as `(garbage collector)`, have no place. Folders would tell whose machine it is. */
function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const file = url.split('/').at(-1) ?? '';
  if (url.startsWith('node:')) return `${name} ${url}:${lineNumber + 1}`;
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}
