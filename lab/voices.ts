/** What the parties of the lab's calls say: each has a voice and a text, or a tone, of its own. */
import { tone } from '../test/tones.js';
import { writeSound } from './sounds.js';
import { provisionSpeech, speak } from './speech.js';

export type VoiceKind = 'speech' | 'tones';

export interface Voice {
  /** The number of the phone that says it. */
  readonly number: string;
  /** What the phone plays: a sound file's path without its ending. */
  readonly file: string;
  readonly samples: Int16Array;
}

export interface VoicesOptions {
  readonly kind: VoiceKind;
  readonly numbers: readonly string[];
  readonly seconds: number;
  /** Hz of the samples and of the file. */
  readonly sampleRate: number;
  readonly folder: string;
  readonly progress: (line: string) => void;
}

const ESPEAK_VOICES = ['en-gb+f2', 'en-us+m3', 'en-gb+f4', 'en-us+m7', 'en-gb+m1', 'en-us+f3'];
const TONE_DBFS = -12;
const LOWEST_HZ = 400;
const STEP_HZ = 130;
const TONES = 20;

/** Makes one for each number, long enough for `seconds`. Throws LabUnavailable when nobody can speak here. */
export async function makeVoices(options: VoicesOptions): Promise<Map<string, Voice>> {
  const { kind, numbers, folder, sampleRate, progress } = options;
  if (kind === 'speech') await provisionSpeech(progress);
  const voices = new Map<string, Voice>();
  for (const [index, number] of numbers.entries()) {
    const samples = kind === 'speech' ? await speech(number, index, options) : toneOf(index, options);
    voices.set(number, { number, samples, file: await writeSound(folder, `voice-${number}`, sampleRate, samples) });
  }
  return voices;
}

/** Every sentence has a number of its own, so that no stretch of the sound is like another. */
async function speech(number: string, index: number, { seconds, sampleRate }: VoicesOptions): Promise<Int16Array> {
  const voice = ESPEAK_VOICES[index % ESPEAK_VOICES.length] ?? 'en-gb';
  const wanted = seconds * sampleRate;
  let samples: Int16Array = new Int16Array(0);
  for (let sentences = Math.ceil(seconds / 2); samples.length < wanted; sentences *= 2) {
    const text = Array.from({ length: sentences }, (_, i) => sentence(number, i)).join(' ');
    samples = await speak(text, voice, sampleRate);
  }
  return samples.slice(0, wanted);
}

function sentence(number: string, i: number): string {
  if (i === 0) return `Hello, this is extension ${[...number].join(' ')}.`;
  return `You are listening to sentence ${i + 1} of what I have to say.`;
}

function toneOf(index: number, { seconds, sampleRate }: VoicesOptions): Int16Array {
  const hz = LOWEST_HZ + (index % TONES) * STEP_HZ;
  return tone(hz, sampleRate, seconds, TONE_DBFS);
}
