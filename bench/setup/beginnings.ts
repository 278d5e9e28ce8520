/** How much of what a party said is missing at the beginning of its stream. */

export interface StreamBeginning {
  readonly channelid: string;
  readonly number: string;
  /** When its first fragment came, in ms on the shared clock. */
  readonly firstMs: number;
  readonly samples: Int16Array;
}

/** So many samples in a row are found in noise at one place only. */
const MARK_SAMPLES = 64;
/** Noise that is played may begin with a sample that is zero, but not with so many. */
const SILENT_SAMPLES = 16;

/** Samples of `played` that are not in the stream before its first ones; undefined where it is no piece of that at all. */
export function missingSamples(played: Int16Array, heard: Int16Array): number | undefined {
  const first = firstSound(heard);
  if (first === undefined || first + MARK_SAMPLES > heard.length) return undefined;
  const mark = octetsOf(heard.subarray(first, first + MARK_SAMPLES));
  const all = octetsOf(played);
  for (let at = all.indexOf(mark); at >= 0; at = all.indexOf(mark, at + 1)) if (at % 2 === 0) return at / 2;
  return undefined;
}

function firstSound(samples: Int16Array): number | undefined {
  const first = samples.findIndex((sample) => sample !== 0);
  if (first < 0) return undefined;
  const next = samples.subarray(first, first + SILENT_SAMPLES);
  return next.some((sample) => sample !== 0) ? first : undefined;
}

function octetsOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
