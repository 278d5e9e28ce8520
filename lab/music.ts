/** Music on hold whose tune can be told from every voice: one tone. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tone } from '../test/tones.js';
import { writeSound } from './sounds.js';

/** A whole number of periods in each tenth of a second, and none of the phone keys' frequencies. */
export const MUSIC_HZ = 1_730;

const MUSIC_DBFS = -20;
const MUSIC_SECONDS = 60;
const SAMPLE_RATE = 8_000;

/** Writes the one file of the class and gives its folder, for musiconhold.conf. */
export async function writeMusic(folder: string): Promise<string> {
  const directory = join(folder, 'moh');
  await mkdir(directory, { recursive: true });
  await writeSound(directory, 'music', SAMPLE_RATE, tone(MUSIC_HZ, SAMPLE_RATE, MUSIC_SECONDS, MUSIC_DBFS));
  return directory;
}
