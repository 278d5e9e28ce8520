/** Who is heard when: reads recorded audio as a script of voices, each voice being a tone of its own. */
import { decibels, strengthAt } from '../../tones.js';

/** By name, in Hz; multiples of 10 Hz, so that a window of 100 ms holds whole periods and tells all apart. */
export type Voices = Readonly<Record<string, number>>;

const WINDOW_MS = 100;
/** Voices are at -20 dBFS. A prompt's speech or a window that is half silence is below this, or soon over. */
const AUDIBLE_DBFS = -28;
/** A voice is one that is heard for at least so many windows in a row. */
const LEAST_WINDOWS = 3;

/** For each voice, window by window, whether it is heard. */
export function audibleIn(
  pcm: Int16Array,
  sampleRate: number,
  voices: Voices,
): ReadonlyMap<string, readonly boolean[]> {
  const length = (sampleRate * WINDOW_MS) / 1000;
  const windows = Array.from({ length: Math.floor(pcm.length / length) }, (_, index) =>
    pcm.subarray(index * length, (index + 1) * length),
  );
  const heard = Object.entries(voices).map(
    ([name, hz]) =>
      [name, windows.map((window) => decibels(strengthAt(hz, sampleRate, window)) > AUDIBLE_DBFS)] as const,
  );
  return new Map(heard.filter(([, audible]) => longestRun(audible, true) >= LEAST_WINDOWS));
}

/** The voices that are heard at all, in the order in which they are heard first. */
export function voicesIn(pcm: Int16Array, sampleRate: number, voices: Voices): string[] {
  const found = [...audibleIn(pcm, sampleRate, voices)];
  return found.sort(([, one], [, other]) => one.indexOf(true) - other.indexOf(true)).map(([name]) => name);
}

/** The longest silences of this voice, in ms: between its first sound and its last, and before and after these. */
export function silencesOf(audible: readonly boolean[]): { readonly betweenMs: number; readonly aroundMs: number } {
  const [first, last] = [audible.indexOf(true), audible.lastIndexOf(true)];
  return {
    betweenMs: longestRun(audible.slice(first, last + 1), false) * WINDOW_MS,
    aroundMs: Math.max(first, audible.length - 1 - last) * WINDOW_MS,
  };
}

function longestRun(flags: readonly boolean[], wanted: boolean): number {
  let longest = 0;
  let run = 0;
  for (const flag of flags) {
    run = flag === wanted ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
