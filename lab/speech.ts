/** Spoken sounds by espeak-ng, installed when it is missing and may be. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createFirResampler } from '../src/core/audio/fir-resampler.js';
import { parseWav } from '../src/core/audio/wav.js';
import { installMissing } from './asterisk/apt.js';

const execute = promisify(execFile);

/** Of every voice of espeak-ng, in Hz. No rate that telephony knows, but twice of it is one. */
const ESPEAK_RATE = 22_050;

/** Throws LabUnavailable when there is no espeak-ng and none may be installed. */
export async function provisionSpeech(progress: (line: string) => void): Promise<void> {
  await installMissing({ 'espeak-ng': 'espeak-ng' }, progress);
}

/** Says a text; `voice` is one of espeak-ng's, e.g. `en-gb+f2`, and `sampleRate` is 8000 to 48000 Hz. */
export async function speak(text: string, voice: string, sampleRate: number): Promise<Int16Array> {
  const options = { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout } = await execute('espeak-ng', ['-v', voice, '--stdout', text], options);
  const wav = parseWav(stdout);
  if (typeof wav === 'string') throw new Error(`espeak-ng wrote no WAV file: ${wav}`);
  if (wav.sampleRate !== ESPEAK_RATE) throw new Error(`espeak-ng spoke at ${wav.sampleRate} Hz`);

  const resampler = createFirResampler(2 * ESPEAK_RATE, sampleRate);
  const [body, tail] = [resampler.push(doubled(wav.samples)), resampler.flush()];
  resampler.close();
  const spoken = new Int16Array(body.length + tail.length);
  spoken.set(body);
  spoken.set(tail, body.length);
  return spoken;
}

/** Twice the rate by the middles between samples. What that adds lies above 11 kHz, where the resampler cuts it off. */
function doubled(samples: Int16Array): Int16Array {
  const at = (index: number): number => samples[index] ?? 0;
  return Int16Array.from({ length: 2 * samples.length }, (_, index) => {
    const left = at(index >> 1);
    return index % 2 === 0 ? left : Math.round((left + at((index >> 1) + 1)) / 2);
  });
}
