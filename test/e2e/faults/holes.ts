/** Which pieces of what an extension played are missing in its stream, by comparing noise with noise. */
import { noisePieces } from '../../../lab/noise-pieces.js';
import { type Heard, samplesOf } from '../listening-receiver.js';
import { playedBy } from '../noise-call.js';

/** What Asterisk's snoop puts in where phones' frames are late, 20 ms each; many-calls.test.ts allows as much. */
const MOST_SILENT_SAMPLES = 20 * 320;

/** In samples of what was played. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** The holes between the first and the last sound of a stream; throws at a sound that was not played, or not in this order. */
export function holesIn(heard: Heard): Hole[] {
  const holes: Hole[] = [];
  let due = 0;
  for (const piece of noisePieces(samplesOf(heard), playedBy(heard.number))) {
    if (piece.kind === 'silence') continue;
    if (piece.kind === 'foreign' || piece.from < due)
      throw new Error(`${heard.number} did not play what came after ${due}: ${JSON.stringify(piece)}`);
    if (piece.from > due) holes.push({ from: due, to: piece.from });
    due = piece.from + piece.length;
  }
  return holes;
}

/** Whether what is missing beyond the holes can be silence of the snoop, which nobody played; mostly there is none. */
export function isOfTheSnoop(samples: number): boolean {
  return samples >= 0 && samples <= MOST_SILENT_SAMPLES;
}
