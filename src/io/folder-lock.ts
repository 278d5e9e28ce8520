/**
 * Keeps a folder for one program at a time. Its holder listens on a Unix socket in it and says who it is; with its end, however
 * that comes, the kernel closes the socket. So what a crash has left there is found to be dead, and taken over.
 */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';

export const LOCK_SOCKET = 'running.sock';

/** A holder that is stopped, or very busy, says nothing; that it holds the folder is certain all the same. */
const ANSWER_LIMIT_MS = 1000;
/** A holder may end, or another one come, between two looks. */
const TRIES = 3;
/** unix(7): sun_path has 108 octets, one of them for the end. Node 20 silently cuts off what is longer. */
const LONGEST_PATH_OCTETS = 107;

export interface FolderLockOptions {
  /** Made if it is not there. */
  readonly folder: string;
  /** The setting that names it. */
  readonly setting: string;
  /** Told to whoever wants the folder as well. */
  readonly pid: number;
  readonly log: Log;
}

export class FolderLock {
  readonly #server: Server | undefined;

  private constructor(server: Server | undefined) {
    this.#server = server;
  }

  /**
   * Rejects with STATE_DIR_TAKEN while another program holds the folder. Where no socket can be made, such as in a read-only
   * folder, the log says that nothing is guarded, and that is all.
   */
  static async take({ folder, setting, pid, log }: FolderLockOptions): Promise<FolderLock> {
    const path = join(folder, LOCK_SOCKET);
    const introduction = `pid ${pid} on ${hostname()}`;
    try {
      if (Buffer.byteLength(path) > LONGEST_PATH_OCTETS) throw new Error('its path is too long for a Unix socket');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const server = await listenAt(path, introduction);
        if (server !== undefined) return new FolderLock(server);
        const holder = await holderOf(path);
        if (holder !== undefined) throw taken(folder, setting, holder);
        await rm(path, { force: true });
      }
      throw taken(folder, setting, 'which has just started');
    } catch (error) {
      if (error instanceof StreamError) throw error;
      log.warn('a second program that uses the same folder for state would not be noticed', { folder, error });
      return new FolderLock(undefined);
    }
  }

  /** Gives the folder free. A second call does nothing. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
  }
}

function taken(folder: string, setting: string, holder: string): StreamError {
  const detail = `${setting} ${folder} is that of a running ari-audio-stream, ${holder}; stop it, or give each a ${setting} of its own`;
  return new StreamError('STATE_DIR_TAKEN', 'settings', detail);
}

/** Nothing when there is a socket already, be it dead or alive. */
async function listenAt(path: string, introduction: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(introduction);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
  await chmod(path, 0o600);
  // The lock alone is no reason for the program to run on.
  return server.unref();
}

/** What the holder says of itself; nothing when the socket is a dead one's, or has just gone. */
async function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = createConnection(path);
    const answer = (): void => {
      socket.destroy();
      resolve(said === '' ? 'which does not answer' : said);
    };
    socket.setEncoding('utf8').setTimeout(ANSWER_LIMIT_MS, answer);
    socket.on('data', (text: string) => {
      said += text;
    });
    socket.once('end', answer);
    socket.once('error', (error) => {
      if (['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))) resolve(undefined);
      else reject(error);
    });
  });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
