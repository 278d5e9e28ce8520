/** What is heard, measured: its level, and the frequency that is strongest in it. */

/** Quieter than this there is no tone worth a number, in dBFS. */
const SILENCE_DB = -70;

export function levelDbOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, samples.length));
}

/** In Hz, from the decibels of each bin of a spectrum; refined by a parabola through the highest bin and its neighbours. */
export function strongestHz(spectrumDb: Float32Array, sampleRate: number): number | undefined {
  let top = 1;
  for (let bin = 2; bin < spectrumDb.length - 1; bin += 1) {
    if ((spectrumDb[bin] ?? 0) > (spectrumDb[top] ?? 0)) top = bin;
  }
  const [left, middle, right] = [spectrumDb[top - 1] ?? 0, spectrumDb[top] ?? 0, spectrumDb[top + 1] ?? 0];
  if (!Number.isFinite(middle) || middle < SILENCE_DB) return undefined;
  const bend = left - 2 * middle + right;
  const shift = Number.isFinite(bend) && bend !== 0 ? (left - right) / (2 * bend) : 0;
  return ((top + shift) * sampleRate) / (2 * spectrumDb.length);
}
