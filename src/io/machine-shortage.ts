/** What only this machine is to blame for when a connection or a file cannot be had, whoever was to be at the other end. */

import { closeSync, openSync } from 'node:fs';
import { type ErrorCode, StreamError } from '../core/errors.js';
import { detailOf } from './network-problem.js';

interface Shortage {
  readonly code: ErrorCode;
  readonly advice: string;
}

const PROGRAM_LIMIT: Shortage = {
  code: 'NO_FILE_DESCRIPTORS',
  advice: 'raise LimitNOFILE of the service (systemctl edit ari-audio-stream), or ulimit -n, and restart',
};
const NO_MEMORY: Shortage = {
  code: 'NO_SOCKET_MEMORY',
  advice: 'look at free(1) and at net.ipv4.tcp_mem; other programs of this machine may hold it',
};

/** errno(3), as Node names it. */
const SHORTAGES: Readonly<Record<string, Shortage>> = {
  EMFILE: PROGRAM_LIMIT,
  ENFILE: { code: 'NO_FILE_DESCRIPTORS', advice: 'all programs together have too many files open: raise fs.file-max' },
  ENOBUFS: NO_MEMORY,
  ENOMEM: NO_MEMORY,
};
/** A name cannot be looked up without a file descriptor, and the resolver then says that there is no such name. */
const LOOKUP_FAILURES: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** The error in words that name this machine and what to change; nothing when it is not the machine's. `what` was tried. */
export function machineShortage(error: unknown, what: string): StreamError | undefined {
  const code = codeOf(error);
  const shortage = SHORTAGES[code] ?? (LOOKUP_FAILURES.has(code) && !hasDescriptors() ? PROGRAM_LIMIT : undefined);
  if (shortage === undefined) return undefined;
  return new StreamError(shortage.code, 'machine', `${what}: ${wordsOf(error)}; ${shortage.advice}`, error);
}

/** Whether this program may open so many more files and connections. */
export function hasDescriptors(count = 1): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync('/dev/null', 'r'));
    return true;
  } catch (error) {
    return codeOf(error) !== 'EMFILE' && codeOf(error) !== 'ENFILE';
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** Without what Node adds about a socket that never came about. */
function wordsOf(error: unknown): string {
  return detailOf(error).replace(/ - Local \(undefined:undefined\)/, '');
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
