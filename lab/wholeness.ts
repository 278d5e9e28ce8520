/**
 * Whether a recording holds all that was played: block by block, since one level or length says little of what lies between.
 *
 * A pause that Asterisk put in is told apart from a loss: when a packet of the phone is late, its snoop sends silence in
 * that place and the packet after it. Everything said is there then, some milliseconds later.
 */

export interface Wholeness {
  /** Milliseconds of what was played, up to where the recording ends. */
  readonly playedMs: number;
  /** How much of that does not sound in the recording. */
  readonly missingMs: number;
  /** Pauses that were not played. */
  readonly pausesMs: number;
}

/** What is played is judged in blocks of so many milliseconds. */
export const BLOCK_MS = 100;
const LONGEST_PAUSE_MS = 200;
/** What is quieter than this, in samples' own units, has no shape that could be recognised. */
const SILENT_RMS = 60;
/** Telephone codecs leave speech at a likeness above 0.99; a block that is lost or another one lies near 0. */
const LIKE = 0.9;
/** A recording begins while its phone is being answered, so the sound may lie anywhere in its first seconds. */
const LATEST_START_MS = 4000;

/** Compares two recordings of the same sample rate, in Hz; undefined when what was played is nowhere in `recorded`. */
export function wholenessOf(played: Int16Array, recorded: Int16Array, sampleRate: number): Wholeness | undefined {
  const block = (sampleRate * BLOCK_MS) / 1000;
  const start = startOf(played, recorded, block, (LATEST_START_MS * sampleRate) / 1000);
  if (start === undefined) return undefined;

  const longestPause = (LONGEST_PAUSE_MS * sampleRate) / 1000;
  let { shift } = start;
  let missingBlocks = 0;
  let pauses = 0;
  let at = start.from;
  for (; at + block <= Math.min(played.length, recorded.length - shift); at += block) {
    const sound = played.subarray(at, at + block);
    if (rms(sound) < SILENT_RMS || isAt(sound, recorded, at + shift)) continue;
    const pause = pauseWithin(sound, recorded, at + shift, longestPause);
    if (pause === undefined) {
      missingBlocks += 1;
    } else {
      pauses += pause;
      shift += pause;
    }
  }
  const inMs = (samples: number) => Math.round((samples * 1000) / sampleRate);
  return { playedMs: inMs(at), missingMs: missingBlocks * BLOCK_MS, pausesMs: inMs(pauses) };
}

/**
 * Where the first sound of what was played lies, and how much later that is in the recording. Silence before it need not be
 * there: of what came before the answer was known, a stream begins with the first sound.
 */
function startOf(
  played: Int16Array,
  recorded: Int16Array,
  block: number,
  latest: number,
): { from: number; shift: number } | undefined {
  let from = 0;
  while (from + block <= played.length && rms(played.subarray(from, from + block)) < SILENT_RMS) from += block;
  from += Math.max(
    0,
    played.subarray(from, from + block).findIndex((sample) => Math.abs(sample) >= SILENT_RMS),
  );
  // Two blocks of speech are unlike any other two.
  const mark = played.subarray(from, from + 2 * block);
  for (let at = 0; at <= Math.min(from + latest, recorded.length - mark.length); at++) {
    if (likeness(mark, recorded.subarray(at, at + mark.length), 4) >= LIKE && isAt(mark, recorded, at)) {
      return { from, shift: finest(mark, recorded, at) - from };
    }
  }
  return undefined;
}

/** A neighbour of a good match may be an even better one. */
function finest(mark: Int16Array, recorded: Int16Array, at: number): number {
  const near = Array.from({ length: 16 }, (_, i) => at + i);
  const scores = near.map((place) => likeness(mark, recorded.subarray(place, place + mark.length)));
  return near[scores.indexOf(Math.max(...scores))] ?? at;
}

/** The length of a pause within a sound that is whole before and after it, in samples. */
function pauseWithin(sound: Int16Array, recorded: Int16Array, at: number, longest: number): number | undefined {
  // Silence that it ends with would be found anywhere.
  const spoken = sound.subarray(0, sound.findLastIndex(isLoud) + 1);
  const tail = spoken.subarray(-sound.length / 5);
  for (let pause = 1; pause <= longest; pause++) {
    if (!isAt(tail, recorded, at + pause + spoken.length - tail.length)) continue;
    for (let before = 0; before < spoken.length; before += 8) {
      const joined = new Int16Array(spoken.length);
      joined.set(recorded.subarray(at, at + before));
      joined.set(recorded.subarray(at + before + pause, at + pause + spoken.length), before);
      if (isAt(spoken, joined, 0)) return pause;
    }
  }
  return undefined;
}

function isAt(sound: Int16Array, recorded: Int16Array, at: number): boolean {
  return likeness(sound, recorded.subarray(at, at + sound.length)) >= LIKE;
}

/** Normalised correlation, -1 to 1, of every `stride`th sample. */
function likeness(one: Int16Array, other: Int16Array, stride = 1): number {
  let product = 0;
  let energyOfOne = 0;
  let energyOfOther = 0;
  for (let i = 0; i < one.length; i += stride) {
    const [a = 0, b = 0] = [one[i], other[i]];
    product += a * b;
    energyOfOne += a * a;
    energyOfOther += b * b;
  }
  return product / Math.sqrt(Math.max(1, energyOfOne) * Math.max(1, energyOfOther));
}

function isLoud(sample: number): boolean {
  return Math.abs(sample) >= SILENT_RMS;
}

function rms(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return Math.sqrt(energy / Math.max(1, samples.length));
}
