/**
 * Memory of fragments, used again once nobody reads them any more: to ask for it, to fill it with zeros and to collect it took
 * 4 % of the program's time with 1000 participants.
 */

/** Of each length; more than are given back and taken in turn only come together after an outage. */
const MOST_SPARE = 1024;

const spare = new Map<number, Int16Array[]>();

/** Room for a fragment of so many samples, with anything in it. */
export function fragmentMemory(samples: number): Int16Array {
  return spare.get(samples)?.pop() ?? new Int16Array(samples);
}

/**
 * The fragment's audio has arrived, and its memory is for a later one, of whatever participant. So this may be said once, and
 * by nobody but its last owner; if it is never said, the memory is garbage like any other.
 */
export function giveBack(fragment: Int16Array): void {
  const alike = spare.get(fragment.length);
  if (alike === undefined) spare.set(fragment.length, [fragment]);
  else if (alike.length < MOST_SPARE) alike.push(fragment);
}
