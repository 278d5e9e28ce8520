/** Test connection: dials the address as it stands in the form, and says in words what happened. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { ConnectionTestResult } from '../../src/io/web/contract/settings.js';
import { testConnection } from '../api/settings.js';
import { useAction } from '../parts/action.js';
import { Note } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { mayChange, READ_ONLY } from '../session/session.js';
import { countOf } from '../words/amounts.js';
import type { FormValues } from './form-state.js';
import { values as formValues } from './streaming-form.js';

export function ConnectionTry({ values }: { readonly values: FormValues }) {
  const result = useSignal<ConnectionTestResult | undefined>(undefined);
  const tried = useSignal('');
  const test = useAction(async () => {
    result.value = undefined;
    const { serverAddress, secretName, secretValue } = values;
    const given = secretValue === undefined ? {} : { secretValue };
    tried.value = keyOf(values);
    result.value = await testConnection({ serverAddress, secretName, ...given });
  });
  // What was said of another address would be a lie about this one.
  useSignalEffect(() => {
    if (formValues.value !== undefined && keyOf(formValues.value) !== tried.value) result.value = undefined;
  });
  return (
    <div class="stack tight">
      <div class="row">
        <Button onPress={() => void test.run()} isBusy={test.isBusy} whyNot={whyNot(values)}>
          {test.isBusy ? 'Testing …' : 'Test connection'}
        </Button>
        <span class="hint">Tries what stands here now, saved or not. No audio is sent.</span>
      </div>
      <div role="status">{result.value !== undefined && <Result of={result.value} />}</div>
    </div>
  );
}

function Result({ of }: { readonly of: ConnectionTestResult }) {
  return (
    <Note tone={of.isGood ? 'good' : 'bad'}>
      <strong>{of.message}</strong> <span class="muted nowrap">({countOf(Math.round(of.milliseconds))} ms)</span>
      {of.advice !== null && <p>{of.advice}</p>}
    </Note>
  );
}

function whyNot({ serverAddress }: FormValues): string | undefined {
  if (!mayChange.value) return READ_ONLY;
  return serverAddress === '' ? 'Enter the Server Address first.' : undefined;
}

function keyOf({ serverAddress, secretName, secretValue }: FormValues): string {
  return JSON.stringify([serverAddress, secretName, secretValue ?? null, secretValue === undefined]);
}
