/** Stand-ins for a participant stream's surroundings, simple enough to predict every sample by eye. */
import type { OpusDecoder } from '../src/core/audio/opus.js';
import type { Resampler } from '../src/core/audio/resampler.js';

/** Samples that are never zero, so that filled silence shows, and differ enough that no place is mistaken for another. */
export function speech(start: number, length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => 1 + ((start + i) % 32_749));
}

export function samplesOf(fragments: readonly Int16Array[]): number[] {
  return fragments.flatMap((fragment) => [...fragment]);
}

/** Repeats samples. It holds back the last one until more comes, as a filter with a delay does. */
export function fakeResampler(fromHz: number, toHz: number, log: string[] = []): Resampler {
  const times = toHz / fromHz;
  let held = new Int16Array(0);
  let open = true;
  log.push(`new ${fromHz}>${toHz}`);
  const repeat = (samples: Int16Array): Int16Array =>
    Int16Array.from({ length: samples.length * times }, (_, i) => samples[Math.floor(i / times)] ?? 0);
  return {
    name: `fake ${fromHz}>${toHz}`,
    push(samples) {
      const known = Int16Array.of(...held, ...samples);
      held = known.slice(-1);
      return repeat(known.subarray(0, -1));
    },
    flush() {
      log.push('flush');
      return repeat(held);
    },
    close() {
      if (open) log.push('close');
      open = false;
    },
  };
}

/** Takes the first byte of a packet for the value of 20 ms of samples; a zero is no packet. */
export function fakeOpus(sampleRate: number): OpusDecoder {
  return {
    decode: ([value = 0]) => (value === 0 ? 'bad-opus' : new Int16Array(sampleRate / 50).fill(value)),
    close: () => undefined,
  };
}
