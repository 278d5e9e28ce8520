/**
 * A tone as it was heard, from its first sample to its last.
 *
 * Asterisk's snoop runs on a clock of its own and keeps no reserve: when a phone's packet is late for its turn, the snoop
 * sends a frame of silence and the packet after it. So a pause of whole frames is the machine's, or the network's; what
 * was said stands around it undamaged. Pauses are taken out and told, and what then is not one unbroken tone was lost.
 */
import { decibels, strengthAt } from './tones.js';

export interface SoundedTone {
  /** Without the pauses. */
  readonly pcm: Int16Array;
  /** In ms, whole frames. */
  readonly pausesMs: readonly number[];
  /** See `levelsOf`. */
  readonly levels: readonly number[];
}

export const BLOCK_MS = 100;
/** A sine of -12 dBFS or so is below this for a twentieth of a millisecond; a resampler's ringing is, after one. */
const LOUD = 400;
const FRAME_MS = 20;
/** The least that is a pause and no crossing of zero, and how much ringing shortens one. */
const LEAST_PAUSE_MS = 5;
const RINGING_MS = 3;

/** Finds the tone of this frequency, whatever silence surrounds it. Throws when a pause is no whole number of frames. */
export function soundedTone(hz: number, sampleRate: number, pcm: Int16Array): SoundedTone {
  const pieces: Int16Array[] = [];
  const pausesMs: number[] = [];
  let pieceFrom = -1;
  let lastLoud = -1;
  for (let at = 0; at < pcm.length; at++) {
    if (Math.abs(pcm[at] ?? 0) < LOUD) continue;
    if (lastLoud < 0) pieceFrom = at;
    const quietMs = ((at - lastLoud - 1) * 1000) / sampleRate;
    if (lastLoud >= 0 && quietMs >= LEAST_PAUSE_MS) {
      const pauseMs = wholeFrames(quietMs, (lastLoud * 1000) / sampleRate);
      pausesMs.push(pauseMs);
      pieces.push(pcm.subarray(pieceFrom, lastLoud + 1));
      pieceFrom = lastLoud + 1 + (pauseMs * sampleRate) / 1000;
    }
    lastLoud = at;
  }
  pieces.push(pcm.subarray(pieceFrom, lastLoud + 1));
  const joined = join(pieces);
  return { pcm: joined, pausesMs, levels: levelsOf(hz, sampleRate, joined) };
}

function wholeFrames(quietMs: number, atMs: number): number {
  const frames = Math.max(1, Math.round((quietMs + RINGING_MS / 2) / FRAME_MS));
  if (Math.abs(frames * FRAME_MS - quietMs) > RINGING_MS) {
    throw new Error(`${quietMs.toFixed(2)} ms of silence after ${atMs.toFixed(0)} ms are not whole frames`);
  }
  return frames * FRAME_MS;
}

function join(pieces: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** In dBFS, of each BLOCK_MS in a row; a rest at the end is not among them. */
export function levelsOf(hz: number, sampleRate: number, pcm: Int16Array): number[] {
  const length = (BLOCK_MS * sampleRate) / 1000;
  return Array.from({ length: Math.floor(pcm.length / length) }, (_, index) =>
    decibels(strengthAt(hz, sampleRate, pcm.subarray(index * length, (index + 1) * length))),
  );
}
