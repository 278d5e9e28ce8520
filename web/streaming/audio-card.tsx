/** How the audio is sent: its sample rate, and what few ever need to change. */
import type { StreamingForm } from '../../src/io/web/contract/settings.js';
import { Card } from '../parts/boxes.js';
import { Field } from '../parts/field.js';
import { Switch } from '../parts/switch.js';
import { TextField } from '../parts/text-field.js';
import type { FormValues } from './form-state.js';
import { change, shownProblems } from './streaming-form.js';
import { whyLocked } from './why-locked.js';

const RATES: readonly (readonly [StreamingForm['sampleRate'], string])[] = [
  [8000, '8000 Hz: as on the telephone'],
  [16_000, '16000 Hz: best for most speech recognition'],
  [24_000, '24000 Hz: for voice AI that asks for it'],
  [48_000, '48000 Hz: full range, most bandwidth'],
];

export function AudioCard({ values }: { readonly values: FormValues }) {
  const hasProblem = shownProblems.value.bufferSeconds !== undefined;
  return (
    <Card title="Audio">
      <div class="stack">
        <Field
          label="Sample Rate"
          hint="Must be the rate that your server expects: with another one voices sound too high or too low."
          problem={shownProblems.value.sampleRate}
          whyNot={whyLocked('sampleRate')}
        >
          {(labelled) => (
            <select
              {...labelled}
              class="select narrow"
              value={String(values.sampleRate)}
              onChange={({ currentTarget }) => {
                const rate = RATES.find(([one]) => String(one) === currentTarget.value);
                if (rate !== undefined) change({ sampleRate: rate[0] });
              }}
            >
              {RATES.map(([rate, words]) => (
                <option key={rate} value={String(rate)}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        <details class="more" open={hasProblem || undefined}>
          <summary>Advanced</summary>
          <div class="stack">
            <TextField
              label="Buffer, in seconds"
              value={values.bufferSeconds}
              onInput={(bufferSeconds) => change({ bufferSeconds })}
              hint="So much audio of each participant is kept while the server is away, and sent when it is back: 1 to 300 s."
              problem={shownProblems.value.bufferSeconds}
              whyNot={whyLocked('bufferSeconds')}
              maxLength={3}
            />
            <div class="field">
              <Switch
                isOn={values.earlyMedia}
                onChange={(earlyMedia) => change({ earlyMedia })}
                whyNot={whyLocked('earlyMedia')}
              >
                Audio before the answer
              </Switch>
              <p class="hint">
                Streams from ringing on: also announcements that are played before the call is answered.
              </p>
            </div>
          </div>
        </details>
      </div>
    </Card>
  );
}
