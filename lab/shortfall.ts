/** How far what was heard of a voice falls short of what was played, in a phone's recording or in a stream. */
import { type NoisePiece, noisePieces } from './noise-pieces.js';

/** All in ms. */
export interface Shortfall {
  /** The longest silence between two sounds. */
  readonly longestSilence: number;
  /** The longest piece that was played and never heard. */
  readonly longestSkip: number;
  /** All such pieces together. */
  readonly skipped: number;
  /** Sound that was not played. */
  readonly foreign: number;
  /** Where in what was played the first sound lies. */
  readonly begin: number;
  /** Where in what was played the last sound lies; 0 when nothing was heard. */
  readonly end: number;
}

/** Compares sample by sample, at this rate in Hz. */
export function shortfallOf(heard: Int16Array, played: Int16Array, sampleRate: number): Shortfall {
  let [silence, skip, skipped, foreign] = [0, 0, 0, 0];
  let [begin, due]: [number | undefined, number | undefined] = [undefined, undefined];
  for (const piece of noisePieces(heard, played)) {
    silence = Math.max(silence, lengthOf(piece, 'silence'));
    foreign += lengthOf(piece, 'foreign');
    if (piece.kind !== 'played') continue;
    begin ??= piece.from;
    if (due !== undefined) {
      skip = Math.max(skip, piece.from - due);
      skipped += Math.max(0, piece.from - due);
    }
    due = piece.from + piece.length;
  }
  const ms = (samples: number): number => (samples * 1000) / sampleRate;
  return {
    longestSilence: ms(silence),
    longestSkip: ms(skip),
    skipped: ms(skipped),
    foreign: ms(foreign),
    begin: ms(begin ?? 0),
    end: ms(due ?? 0),
  };
}

function lengthOf(piece: NoisePiece, kind: NoisePiece['kind']): number {
  return piece.kind === kind ? piece.length : 0;
}

/** Below this, loud noise of a telephone codec is never for long; in samples' own units. */
const QUIET = 200;

/** In ms. */
export interface Quiet {
  readonly length: number;
  /** From its end to the end of the recording. */
  readonly beforeEnd: number;
}

/** The longest quiet between the first and the last sound: for calls whose codec leaves no sample as it was, too. */
export function longestQuiet(heard: Int16Array, sampleRate: number): Quiet {
  let [longest, quiet, end] = [0, 0, 0];
  const last = heard.findLastIndex(isLoud);
  for (let at = heard.findIndex(isLoud); at >= 0 && at <= last; at++) {
    quiet = isLoud(heard[at] ?? 0) ? 0 : quiet + 1;
    if (quiet <= longest) continue;
    longest = quiet;
    end = at + 1;
  }
  return { length: (longest * 1000) / sampleRate, beforeEnd: ((heard.length - end) * 1000) / sampleRate };
}

function isLoud(sample: number): boolean {
  return Math.abs(sample) > QUIET;
}
