/** The secret: its option name can be read, its value only set, replaced or removed. */
import { Badge } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Problem, WhyNot } from '../parts/field.js';
import { TextField } from '../parts/text-field.js';
import type { FormValues } from './form-state.js';
import { change, saved, shownProblems } from './streaming-form.js';
import { whyLocked } from './why-locked.js';

export function SecretFields({ values }: { readonly values: FormValues }) {
  return (
    <div class="two">
      <TextField
        label="Secret: option name"
        value={values.secretName}
        onInput={(secretName) => change({ secretName })}
        hint="As the server calls it; sent as this header."
        problem={shownProblems.value.secretName}
        whyNot={whyLocked('secretName')}
        isMono
      />
      <SecretValue value={values.secretValue} />
    </div>
  );
}

function SecretValue({ value }: { readonly value: FormValues['secretValue'] }) {
  const isSaved = saved.value?.streaming.secretIsSet === true;
  const whyNot = whyLocked('secretValue');
  const set = (secretValue: FormValues['secretValue']) => change({ secretValue });
  if (typeof value === 'string') {
    return (
      <div class="stack tight">
        <TextField
          label={isSaved ? 'New secret' : 'Secret'}
          value={value}
          onInput={set}
          isPassword
          isMono
          isFirst
          autocomplete="new-password"
          hint="It can't be read again after saving."
          problem={shownProblems.value.secretValue}
        />
        <div>
          <Button kind="quiet" size="small" onPress={() => set(undefined)}>
            {isSaved ? 'Keep the saved one' : 'No secret'}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div class="field">
      <span class="label">Secret</span>
      <div class="row secret-state">
        <SecretState isSaved={isSaved} isRemoved={value === null} />
        {value === null && (
          <Button size="small" onPress={() => set(undefined)}>
            Keep it
          </Button>
        )}
        {value === undefined && (
          <Button size="small" onPress={() => set('')} whyNot={whyNot}>
            {isSaved ? 'Replace' : 'Set a secret'}
          </Button>
        )}
        {value === undefined && isSaved && (
          <Button kind="quiet" size="small" onPress={() => set(null)} whyNot={whyNot}>
            Remove
          </Button>
        )}
      </div>
      <Problem text={shownProblems.value.secretValue} />
      {whyNot !== undefined && <WhyNot text={whyNot} />}
      <p class="hint">By it the server knows that the audio comes from you.</p>
    </div>
  );
}

function SecretState({ isSaved, isRemoved }: { readonly isSaved: boolean; readonly isRemoved: boolean }) {
  if (isRemoved) return <Badge tone="warn">will be removed</Badge>;
  return isSaved ? (
    <Badge tone="good" hasDot>
      set
    </Badge>
  ) : (
    <Badge>not set</Badge>
  );
}
