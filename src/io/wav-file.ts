/**
 * Writes a WAV file while its audio arrives. Once a second it writes what has come since, and the header's sizes with
 * it, so that a crash costs a second of audio and no file. The file is open only while it is written to: any number of
 * participants costs few handles, and a stream that comes back after its end simply goes on.
 */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES, wavHeader } from '../core/audio/wav.js';

const WRITE_INTERVAL_MS = 1_000;

/** What may wait for a slow or full disk: a minute of audio at 8000 Hz, 11 seconds at 48000 Hz. */
const MAX_WAITING_BYTES = 1 << 20;

export class WavFile {
  readonly #path: string;
  readonly #sampleRate: number;
  readonly #onFailure: (error: unknown) => void;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writtenBytes = 0;
  /** What the header on disk says; undefined while there is no file. */
  #headerBytes: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  /** `onFailure` hears of each attempt to write that failed; what could not be written waits for the next. */
  constructor(path: string, sampleRate: number, onFailure: (error: unknown) => void) {
    this.#path = path;
    this.#sampleRate = sampleRate;
    this.#onFailure = onFailure;
  }

  /** Bytes of samples that wait to be written. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Takes 16-bit little-endian samples. False when they were dropped: too much waits already, or the file is full or closed. */
  append(pcm: Uint8Array): boolean {
    if (this.#closed) return false;
    this.#writeSoon();
    const waitingBytes = this.#waitingBytes + pcm.length;
    if (waitingBytes > MAX_WAITING_BYTES || this.#writtenBytes + waitingBytes > MAX_WAV_DATA_BYTES) return false;
    this.#waiting.push(pcm);
    this.#waitingBytes = waitingBytes;
    return true;
  }

  /** Writes all that waits, now. Never rejects: `onFailure` is told, and `waitingBytes` says what is left. */
  write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // While one write is stuck in a slow disk, one more is enough to take all that comes meanwhile.
    this.#next ??= this.#last.then(async () => {
      this.#next = undefined;
      try {
        await this.#writeWaiting();
      } catch (error) {
        this.#onFailure(error);
        if (!this.#closed) this.#writeSoon();
      }
    });
    this.#last = this.#next;
    return this.#last;
  }

  /** Writes all that waits, a last time. A second call does nothing more. */
  close(): Promise<void> {
    this.#closed = true;
    return this.write();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => void this.write(), WRITE_INTERVAL_MS);
  }

  async #writeWaiting(): Promise<void> {
    if (this.#waitingBytes === 0 && this.#headerBytes === this.#writtenBytes) return;
    const handle = await this.#open();
    try {
      const chunk = Buffer.concat(this.#waiting, this.#waitingBytes);
      const chunkCount = this.#waiting.length;
      await writeAll(handle, chunk, WAV_HEADER_BYTES + this.#writtenBytes);
      // Only what is wholly written counts; the next attempt starts at the same place.
      this.#waiting.splice(0, chunkCount);
      this.#waitingBytes -= chunk.length;
      this.#writtenBytes += chunk.length;
      await writeAll(handle, wavHeader(this.#sampleRate, this.#writtenBytes), 0);
      this.#headerBytes = this.#writtenBytes;
    } finally {
      await handle.close();
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#headerBytes !== undefined) return open(this.#path, 'r+');
    await mkdir(dirname(this.#path), { recursive: true });
    const handle = await open(this.#path, 'wx');
    // The file exists from here on, though its header is still to come.
    this.#headerBytes = -1;
    return handle;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
