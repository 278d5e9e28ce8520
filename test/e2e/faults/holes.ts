/** Which pieces of what an extension played are missing in its stream, by comparing noise with noise. */
import { type Heard, samplesOf } from '../listening-receiver.js';
import { playedBy } from '../noise-call.js';

/** So many samples of noise are found in one place only. */
const MARK_SAMPLES = 64;
/** So many zeros in a row are no noise. */
const SILENT_SAMPLES = 16;

/** What Asterisk's snoop puts in where phones' frames are late, 20 ms each; many-calls.test.ts allows as much. */
const MOST_SILENT_SAMPLES = 20 * 320;

/** In samples of what was played. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** The holes between the first and the last sound of a stream; throws at a sound that was not played, or not in this order. */
export function holesIn(heard: Heard): Hole[] {
  const received = samplesOf(heard);
  const played = playedBy(heard.number);
  const wanted = octetsOf(played);
  const holes: Hole[] = [];
  let due = 0;
  for (let at = 0; at < received.length; ) {
    const silent = zerosFrom(received, at);
    if (silent >= SILENT_SAMPLES) {
      at += silent;
    } else if (received[at] === played[due]) {
      at += 1;
      due += 1;
    } else {
      const found = wanted.indexOf(octetsOf(received.subarray(at, at + MARK_SAMPLES)), due * 2) / 2;
      if (found < 0)
        throw new Error(`${heard.number} did not play what came at ${at} of ${received.length}, after ${due}`);
      holes.push({ from: due, to: found });
      due = found;
    }
  }
  return holes;
}

/** Whether what is missing beyond the holes can be silence of the snoop, which nobody played; mostly there is none. */
export function isOfTheSnoop(samples: number): boolean {
  return samples >= 0 && samples <= MOST_SILENT_SAMPLES;
}

function zerosFrom(pcm: Int16Array, from: number): number {
  let to = from;
  while (pcm[to] === 0) to += 1;
  return to - from;
}

function octetsOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
