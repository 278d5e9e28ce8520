/** Runs in the browser's audio thread: takes the samples of each participant, and plays them mixed. */
import { PlayoutBuffer } from './playout-buffer.js';
import type { ToWorklet } from './worklet-messages.js';
import { WORKLET_NAME } from './worklet-messages.js';

/** What the browser offers in that thread; TypeScript's own declarations do not have it. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare const sampleRate: number;

const TARGET_MS = 160;
const MOST_MS = 640;

class ListenProcessor extends AudioWorkletProcessor {
  readonly #buffers = new Map<number, PlayoutBuffer>();

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ToWorklet>) => this.#take(data);
  }

  /** Called by the browser for each block of samples, 128 of them. */
  process(_inputs: unknown, outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (out !== undefined) for (const buffer of this.#buffers.values()) buffer.mixInto(out);
    return true;
  }

  #take(message: ToWorklet): void {
    if (message.kind === 'participants') {
      for (const index of this.#buffers.keys()) if (!message.indexes.includes(index)) this.#buffers.delete(index);
      return;
    }
    let buffer = this.#buffers.get(message.index);
    if (buffer === undefined) {
      buffer = new PlayoutBuffer({ sampleRate, targetMs: TARGET_MS, mostMs: MOST_MS });
      this.#buffers.set(message.index, buffer);
    }
    buffer.push(new Int16Array(message.samples));
  }
}

registerProcessor(WORKLET_NAME, ListenProcessor);
