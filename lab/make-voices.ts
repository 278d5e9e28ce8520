/** Makes what the phones of the compose lab say, once, while their image is built: `make-voices.js FOLDER`. */
import { ALL_DAY_NUMBERS } from './all-day-calls.js';
import { makeVoices } from './voices.js';

const [folder = '.'] = process.argv.slice(2);
const SECONDS = 60;
/** The phones speak telephone codecs of 8000 Hz. */
const SAMPLE_RATE = 8000;

const progress = (line: string): void => void process.stdout.write(`${line}\n`);
const voices = await makeVoices({
  kind: 'speech',
  numbers: ALL_DAY_NUMBERS,
  seconds: SECONDS,
  sampleRate: SAMPLE_RATE,
  folder,
  progress,
});
progress(`${voices.size} voices of ${SECONDS} s`);
