/** Which parts of a noise that was played are heard, and in which order: noise is the same nowhere twice. */

/** So many samples of noise are found in one place only. */
const MARK_SAMPLES = 64;
/** So many zeros in a row are no noise. */
const SILENT_SAMPLES = 16;

/** In samples. */
export type NoisePiece =
  /** Follows what was played from `from` on. */
  | { readonly kind: 'played'; readonly from: number; readonly length: number }
  | { readonly kind: 'silence'; readonly length: number }
  /** Sound that was not played. */
  | { readonly kind: 'foreign'; readonly length: number };

/** From the first sound to the last one; empty when there is none. */
export function noisePieces(heard: Int16Array, played: Int16Array): NoisePiece[] {
  const wanted = octetsOf(played);
  const last = heard.findLastIndex((sample) => sample !== 0);
  const pieces: NoisePiece[] = [];
  let at = heard.findIndex((sample) => sample !== 0);
  while (at >= 0 && at <= last - MARK_SAMPLES) {
    const piece = pieceAt(heard, at, played, wanted);
    const before = pieces.at(-1);
    if (piece.kind === 'foreign' && before?.kind === 'foreign') {
      pieces[pieces.length - 1] = { kind: 'foreign', length: before.length + piece.length };
    } else {
      pieces.push(piece);
    }
    at += piece.length;
  }
  return pieces;
}

function pieceAt(heard: Int16Array, at: number, played: Int16Array, wanted: Buffer): NoisePiece {
  const silent = lengthWhile(heard, at, (sample) => sample === 0);
  if (silent >= SILENT_SAMPLES) return { kind: 'silence', length: silent };
  const from = wanted.indexOf(octetsOf(heard.subarray(at, at + MARK_SAMPLES))) / 2;
  if (from < 0) return { kind: 'foreign', length: 1 };
  return { kind: 'played', from, length: lengthWhile(heard, at, (sample, index) => sample === played[from + index]) };
}

function lengthWhile(pcm: Int16Array, from: number, is: (sample: number, index: number) => boolean): number {
  let length = 0;
  for (let at = from; at < pcm.length && is(pcm[at] ?? 0, length); at++) length += 1;
  return length;
}

function octetsOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
