/** What a running program costs, seen from outside: CPU and memory by /proc, and by its inspector what its heap really holds. */
import { readdir, readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import { until } from '../../../lab/until.js';
import type { AddOn } from '../add-on.js';

/** Runs the add-on so that its heap can be looked at; for the `through` of `AddOn.start`. */
export const WITH_INSPECTOR = ['env', 'NODE_OPTIONS=--inspect=127.0.0.1:0'];

/** Clock ticks a second in /proc, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const MIB = 1024 * 1024;

export interface ProcessFigures {
  /** User and system time since the start, in seconds. */
  readonly cpuSeconds: number;
  /** VmRSS, in MiB. */
  readonly rssMib: number;
  readonly openFiles: number;
}

export async function figuresOf(pid: number): Promise<ProcessFigures> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold blanks; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    rssMib: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    openFiles: (await readdir(`/proc/${pid}/fd`)).length,
  };
}

/** What an add-on, run WITH_INSPECTOR, still holds once all garbage is collected: objects and array buffers, in MiB. */
export async function heldMib(addOn: AddOn): Promise<number> {
  const address = await until('the inspector listens', () => /ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(addOn.text)?.[0]);
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  try {
    await ask(socket, 1, 'HeapProfiler.collectGarbage');
    const held = 'process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers';
    const { result } = await ask(socket, 2, 'Runtime.evaluate', { expression: held });
    return Number(result?.value) / MIB;
  } finally {
    socket.close();
  }
}

interface InspectorResult {
  readonly result?: { readonly value?: unknown };
}

async function ask(socket: WebSocket, id: number, method: string, params: object = {}): Promise<InspectorResult> {
  const answered = new Promise<InspectorResult>((resolve, reject) => {
    socket.on('message', (text) => {
      const answer = JSON.parse(String(text)) as { id?: number; result?: InspectorResult; error?: unknown };
      if (answer.id !== id) return;
      if (answer.result === undefined) reject(new Error(`${method}: ${JSON.stringify(answer.error)}`));
      else resolve(answer.result);
    });
    socket.once('close', () => reject(new Error(`${method}: the inspector has gone`)));
  });
  socket.send(JSON.stringify({ id, method, params }));
  return answered;
}
