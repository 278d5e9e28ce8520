/** The reference receiver on a free port, in a folder of its own, with what it prints and logs kept for tests; and senders. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOptions, WebSocket } from 'ws';
import { type ReceiveOptions, receive } from '../src/app/receive.js';
import { parseWav } from '../src/core/audio/wav.js';
import type { Log } from '../src/core/log.js';
import type { CallReport } from '../src/core/receiver/calls-report.js';
import { encodeEnd, encodeProcess, type Label } from '../src/core/relay/protocol.js';

export interface RunningReceiver {
  readonly port: number;
  readonly out: string;
  printed(): string;
  readonly logged: string[];
  calls(): Promise<CallReport[]>;
  samples(wav: string): Promise<Int16Array>;
  /** Aborts and waits for the orderly end. */
  stop(): Promise<void>;
  /** Stops and removes the folder. */
  remove(): Promise<void>;
}

export async function runReceiver(
  options: Partial<ReceiveOptions> = {},
  { isTerminal = false }: { isTerminal?: boolean } = {},
): Promise<RunningReceiver> {
  const folder = await mkdtemp(join(tmpdir(), 'receiver-'));
  const out = options.out ?? join(folder, 'received');
  const abort = new AbortController();
  let printed = '';
  const logged: string[] = [];
  const write = (text: string): void => {
    printed += text;
  };

  const listening = deferred<number>();
  const ended = receive(
    {
      listen: { host: '127.0.0.1', port: 0 },
      out,
      sampleRate: 8000,
      onListening: listening.resolve,
      ...options,
    },
    { write, columns: () => 100, isTerminal },
    keepingLog(logged),
    abort.signal,
  );
  const stop = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  const remove = async (): Promise<void> => {
    await stop().finally(() => rm(folder, { recursive: true, force: true }));
  };
  try {
    const port = await Promise.race([listening.promise, ended.then(() => Promise.reject(new Error('ended at once')))]);
    const calls = async (): Promise<CallReport[]> => JSON.parse(await readFile(join(out, 'calls.json'), 'utf8'));
    const samples = async (wav: string): Promise<Int16Array> => samplesOf(join(out, wav));
    return { port, out, printed: () => printed, logged, calls, samples, stop, remove };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A connected sender of one call. */
export interface Sender {
  readonly socket: WebSocket;
  fragment(label: Label, samples: Int16Array): void;
  end(label: Label): void;
  /** Closes as the protocol says and resolves to the code of the peer's answer. */
  close(): Promise<number>;
  readonly closed: Promise<number>;
}

export async function connect(port: number, options: ClientOptions = {}, scheme = 'ws'): Promise<Sender> {
  const socket = new WebSocket(`${scheme}://127.0.0.1:${port}/any/path`, options);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);
  return {
    socket,
    fragment: (label, samples) => socket.send(encodeProcess(label, base64Of(samples))),
    end: (label) => socket.send(encodeEnd(label)),
    close: () => {
      socket.close(1000);
      return closed;
    },
    closed,
  };
}

export function base64Of(samples: Int16Array): string {
  const bytes = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, index) => {
    bytes.writeInt16LE(sample, 2 * index);
  });
  return bytes.toString('base64');
}

async function samplesOf(path: string): Promise<Int16Array> {
  const wav = parseWav(await readFile(path));
  if (typeof wav === 'string') throw new Error(`${path}: ${wav}`);
  return wav.samples;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function keepingLog(lines: string[]): Log {
  const keep =
    (level: string): Log['info'] =>
    (message, fields) =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  return {
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: keep('debug'),
    isDebugEnabled: () => true,
  };
}
