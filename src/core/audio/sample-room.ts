/**
 * Room for the samples of one packet, used again for every packet of every stream: to make a typed array for each takes
 * longer than to decode into it. What stands there is gone with the next packet, so whoever wants to keep it copies it.
 */

/** Samples in 20 ms at 48 kHz. */
const USUAL_SAMPLES = 960;

let room = new Int16Array(USUAL_SAMPLES);
let lastGiven = room;

/** Room for so many samples, with anything in it. */
export function roomFor(samples: number): Int16Array {
  if (samples > room.length) room = new Int16Array(samples);
  if (samples !== lastGiven.length) lastGiven = room.subarray(0, samples);
  return lastGiven;
}
