/**
 * The reference receiver: a third party's WebSocket server as small as it can be. It writes what it hears to WAV files and
 * calls.json, and shows it.
 */
import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { SampleRate } from '../core/relay/protocol.js';
import { setAside, writeJsonFile } from '../io/json-file.js';
import { RelayServer, type RelayServerOptions } from '../io/relay/relay-server.js';
import { ReceiveScreen, type Terminal } from './receive-screen.js';
import { Recorder } from './recorder.js';

export interface ReceiveOptions {
  /** Port 0 lets the system choose. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Folder for the WAV files and calls.json; made if it is missing. */
  readonly out: string;
  /** The header that every upgrade must carry. */
  readonly secret?: { readonly name: string; readonly value: string } | undefined;
  /** In Hz; the protocol does not say it. */
  readonly sampleRate: SampleRate;
  /** PEM files; with them the receiver speaks wss. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Told the bound port, once connections are accepted. */
  readonly onListening?: (port: number) => void;
}

const CALLS_FILE = 'calls.json';
const REPORT_INTERVAL_MS = 1_000;

/**
 * Receives until `signal` aborts, then ends in order: no new connection, a goodbye to each open one, WAV files and
 * calls.json finished. Rejects with a `StreamError` when it can't begin: RECEIVER_LISTEN_FAILED, RECEIVER_OUT_FAILED,
 * RECEIVER_CERTIFICATE_UNUSABLE.
 */
export async function receive(
  options: ReceiveOptions,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const folder = resolve(options.out);
  const takenNames = await prepareFolder(folder);
  const screen = new ReceiveScreen(terminal, options.sampleRate);
  const quietLog = screen.above(log);
  const recorder = new Recorder({ folder, takenNames, sampleRate: options.sampleRate }, screen, quietLog);
  let server: RelayServer | undefined;
  try {
    server = await openServer(options, recorder);
    const port = await listen(server, options);
    const report = await beginReport(join(folder, CALLS_FILE), recorder, quietLog);
    screen.say(greeting(options, port, folder));
    if (!options.secret && !isLoopback(options.listen.host)) {
      quietLog.warn('Anyone who reaches this port can send audio: no secret is asked for', {
        host: options.listen.host,
      });
    }
    options.onListening?.(port);

    await aborted(signal);
    await server.close();
    const summary = await recorder.close();
    await report.close();
    screen.say(summary);
  } finally {
    await server?.close();
    screen.close();
  }
}

/** Makes the folder and returns the names in it. */
async function prepareFolder(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return [...(await readdir(folder)), CALLS_FILE, `${CALLS_FILE}.unfinished`];
  } catch (error) {
    throw new StreamError('RECEIVER_OUT_FAILED', 'machine', `${folder}: ${wordsOf(error)}`, error);
  }
}

async function openServer(options: ReceiveOptions, recorder: Recorder): Promise<RelayServer> {
  const { listen: at, secret, tls } = options;
  const common: RelayServerOptions = { ...at, ...(secret && { secret }) };
  if (tls === undefined) return new RelayServer(common, recorder);
  try {
    const [cert, key] = await Promise.all([readFile(tls.cert, 'utf8'), readFile(tls.key, 'utf8')]);
    return new RelayServer({ ...common, tls: { cert, key } }, recorder);
  } catch (error) {
    throw new StreamError(
      'RECEIVER_CERTIFICATE_UNUSABLE',
      'settings',
      `${tls.cert}, ${tls.key}: ${wordsOf(error)}`,
      error,
    );
  }
}

async function listen(server: RelayServer, { listen: { host, port } }: ReceiveOptions): Promise<number> {
  try {
    return await server.listen();
  } catch (error) {
    throw new StreamError('RECEIVER_LISTEN_FAILED', 'machine', `${authority(host, port)}: ${wordsOf(error)}`, error);
  }
}

/** Writes calls.json now, at changes (once a second at most), and at the end. That of an earlier run is set aside first. */
async function beginReport(path: string, recorder: Recorder, log: Log): Promise<{ close(): Promise<void> }> {
  try {
    await setAside(path);
    await writeJsonFile(path, recorder.report());
  } catch (error) {
    throw new StreamError('RECEIVER_OUT_FAILED', 'machine', `${path}: ${wordsOf(error)}`, error);
  }

  let failures = 0;
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    try {
      await writeJsonFile(path, recorder.report());
    } catch (error) {
      recorder.changed = true;
      failures += 1;
      if (failures === 1) log.error(`${CALLS_FILE} can not be written; said only once`, { error: wordsOf(error) });
    }
    writing = undefined;
  };
  const timer = setInterval(() => {
    if (recorder.changed) writing ??= write();
  }, REPORT_INTERVAL_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await writing;
      await write();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}

function greeting({ listen: { host }, tls, sampleRate }: ReceiveOptions, port: number, folder: string): string {
  const url = `${tls ? 'wss' : 'ws'}://${authority(host, port)}`;
  return `listening on ${url}, writing to ${folder}, expects ${sampleRate} Hz`;
}

function authority(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** What the system's error codes mean to somebody who starts a receiver. */
const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
  EACCES: 'this user may not do that',
  EPERM: 'this user may not do that',
  EROFS: 'it is on a file system that can only be read',
  ENOSPC: 'the disk is full',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
};

function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : SYSTEM_WORDS[code];
  return words === undefined ? message : `${words} (${code})`;
}
