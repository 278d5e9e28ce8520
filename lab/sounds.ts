/** Sound files of raw signed linear samples: Asterisk sends them bit for bit on a call of the same rate and codec. */
import { writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';

/** Asterisk's file name endings for raw little-endian samples, by rate in Hz (format_sln). */
const ENDINGS: Readonly<Record<number, string>> = {
  8000: 'sln',
  12000: 'sln12',
  16000: 'sln16',
  24000: 'sln24',
  32000: 'sln32',
  44100: 'sln44',
  48000: 'sln48',
};

/** Writes samples as a sound file and gives what Asterisk is told to play: its path without the ending. */
export async function writeSound(
  folder: string,
  name: string,
  sampleRate: number,
  samples: Int16Array,
): Promise<string> {
  const ending = ENDINGS[sampleRate];
  if (ending === undefined) throw new Error(`Asterisk has no raw sound files at ${sampleRate} Hz`);
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const path = join(folder, name);
  await writeFile(`${path}.${ending}`, endianness() === 'LE' ? bytes : Buffer.from(bytes).swap16());
  return path;
}

/** Reads what `writeSound` or a recording of Asterisk has written. */
export function samplesOf(bytes: Buffer): Int16Array {
  return Int16Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) => bytes.readInt16LE(index * 2));
}

/** Noise of full swing, the same for the same seed: every sample is unlike its neighbours, so that a shift shows. */
export function noise(seed: number, length: number): Int16Array {
  let state = seed >>> 0;
  return Int16Array.from({ length }, () => {
    // Numerical Recipes' linear congruential generator; its upper bits are random enough for this.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) - 32_768;
  });
}
