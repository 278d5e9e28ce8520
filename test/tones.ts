/** Makes a tone, and measures how strongly a tone sounds: whose voice is it? Ask the tone. */

/** Jest looks up every global through its sandbox; in a loop over samples that would be most of the time. */
const { sin, round } = Math;

/** What a sine of 0 dBFS swings to. */
const FULL_SCALE = 32_767;

/** A sine that starts at zero. 0 dBFS is the loudest that 16 bits hold. */
export function tone(hz: number, sampleRate: number, seconds: number, dbfs: number): Int16Array {
  return waveform((time) => 2 * Math.PI * hz * time, sampleRate, seconds, dbfs);
}

/** The sine of any phase, in radians, that changes with time, in seconds: a sweep, or a tone that starts elsewhere. */
export function waveform(
  phaseAt: (seconds: number) => number,
  sampleRate: number,
  seconds: number,
  dbfs: number,
): Int16Array {
  const amplitude = FULL_SCALE * 10 ** (dbfs / 20);
  const length = Math.round(sampleRate * seconds);
  return Int16Array.from({ length }, (_, n) => round(amplitude * sin(phaseAt(n / sampleRate))));
}

/**
 * How strongly one frequency sounds (Goertzel), as the amplitude of its sine: 0 to 32767. Sharpest where `pcm` holds a
 * whole number of its periods.
 */
export function strengthAt(hz: number, sampleRate: number, pcm: Int16Array): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / sampleRate);
  let previous = 0;
  let beforeThat = 0;
  for (const sample of pcm) {
    [previous, beforeThat] = [sample + coefficient * previous - beforeThat, previous];
  }
  const power = previous ** 2 + beforeThat ** 2 - coefficient * previous * beforeThat;
  return (2 * Math.sqrt(Math.max(0, power))) / pcm.length;
}

/** An amplitude or RMS in decibels over another; -200 for nothing at all. */
export function decibels(level: number, reference = FULL_SCALE): number {
  return 20 * Math.log10(Math.max(level / reference, 1e-10));
}
