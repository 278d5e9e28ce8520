/** The audit trail: who did what, one JSON object per line, only ever added to; the oldest lines go, file by file. */
import { appendFile, chmod, mkdir, open, rename, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface AuditLine {
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly from: string;
  readonly action: string;
  readonly detail: string;
}

export interface AuditTrailOptions {
  readonly path: string;
  /** When the file is as large it is put aside, as `.1`, and that of before as `.2`; what was `.2` is gone. */
  readonly maxOctets?: number;
  /** Lines could not be written: they wait for the next attempt. */
  readonly onFailure: (error: unknown) => void;
  readonly onWritten?: () => void;
}

const MAX_OCTETS = 4 * 1024 * 1024;
const CHUNK_OCTETS = 64 * 1024;
const MAX_DETAIL_CHARACTERS = 2_000;
/** More than can be written in time is a flood, and the disk is in trouble anyway. */
const MAX_WAITING = 10_000;

export class AuditTrail {
  readonly #path: string;
  readonly #maxOctets: number;
  readonly #onFailure: (error: unknown) => void;
  readonly #onWritten: () => void;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;

  constructor({ path, maxOctets = MAX_OCTETS, onFailure, onWritten = () => undefined }: AuditTrailOptions) {
    this.#path = path;
    this.#maxOctets = maxOctets;
    this.#onFailure = onFailure;
    this.#onWritten = onWritten;
  }

  add({ at, by, from, action, detail }: AuditLine): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#onFailure(new Error('the audit trail cannot be written as fast as it grows: a line is lost'));
      return;
    }
    const line = { at, by, from, action, detail: detail.slice(0, MAX_DETAIL_CHARACTERS) };
    this.#waiting.push(`${JSON.stringify(line)}\n`);
    this.#writing ??= this.#write();
  }

  /** The newest first; what was added before this call is among them. */
  async newest(limit: number): Promise<AuditLine[]> {
    await this.#writing;
    const lines = [...this.#waiting]
      .reverse()
      .slice(0, limit)
      .flatMap((text) => readLine(text) ?? []);
    if (lines.length >= limit) return lines;
    for (const path of this.#files()) {
      for await (const text of linesFromEnd(path)) {
        const line = readLine(text);
        if (line !== undefined) lines.push(line);
        if (lines.length >= limit) return lines;
      }
    }
    return lines;
  }

  /** Tries once more to write what could not be written; resolves when that has been tried. */
  async flush(): Promise<void> {
    if (this.#waiting.length > 0) this.#writing ??= this.#write();
    await this.#writing;
  }

  /** Resolves when everything is written that can be. */
  async close(): Promise<void> {
    await this.flush();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
        await this.#makeRoom();
        await this.#append(lines.join(''));
        this.#onWritten();
      } catch (error) {
        this.#waiting = [...lines, ...this.#waiting];
        this.#onFailure(error);
        break;
      }
    }
    this.#writing = undefined;
  }

  /** A disk that becomes full takes a part: that goes again, or the next line would be one with it. */
  async #append(text: string): Promise<void> {
    const before = (await sizeOf(this.#path)) ?? 0;
    try {
      await appendFile(this.#path, text, { mode: 0o600 });
    } catch (error) {
      await truncate(this.#path, before).catch(() => undefined);
      throw error;
    }
  }

  async #makeRoom(): Promise<void> {
    const [now, before, oldest] = this.#files();
    const size = await sizeOf(now);
    if (size === undefined) return;
    if (size < this.#maxOctets) {
      // A file that somebody has put back, say from a backup.
      await chmod(now, 0o600);
      return;
    }
    if ((await sizeOf(before)) !== undefined) await rename(before, oldest);
    await rename(now, before);
  }

  #files(): [now: string, before: string, oldest: string] {
    return [this.#path, `${this.#path}.1`, `${this.#path}.2`];
  }
}

/** Lines that are no entries (a disk that was full cuts them) are left out. */
function readLine(text: string): AuditLine | undefined {
  try {
    const { at, by, from, action, detail } = JSON.parse(text);
    const fields = [at, by, from, action, detail];
    return fields.every((field) => typeof field === 'string') ? { at, by, from, action, detail } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads backwards, a piece at a time; a file that is not there has no lines. */
async function* linesFromEnd(path: string): AsyncGenerator<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    let end = (await file.stat()).size;
    let rest: Buffer = Buffer.alloc(0);
    while (end > 0) {
      const begin = Math.max(0, end - CHUNK_OCTETS);
      const piece = Buffer.alloc(end - begin);
      await file.read(piece, 0, piece.length, begin);
      end = begin;
      const octets = Buffer.concat([piece, rest]);
      // What stands before the first newline may begin in the piece before. A newline is never part of another character.
      const cut = begin === 0 ? 0 : octets.indexOf(0x0a) + 1 || octets.length;
      rest = octets.subarray(0, cut);
      const whole = octets.subarray(cut).toString('utf8').split('\n');
      for (const line of whole.reverse()) if (line !== '') yield line;
    }
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.size;
}
