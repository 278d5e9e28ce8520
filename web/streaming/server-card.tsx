/** Where the audio goes: the server's address, its secret, and a try whether it answers. */
import { Card, Note } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Field } from '../parts/field.js';
import { ConnectionTry } from './connection-try.js';
import type { FormValues } from './form-state.js';
import { SecretFields } from './secret-fields.js';
import { addressOf, isReadableOnTheWay, partsOf, SCHEMES, type Scheme, typed } from './server-address.js';
import { change, saved, shownProblems } from './streaming-form.js';
import { whyLocked } from './why-locked.js';

export function ServerCard({ values }: { readonly values: FormValues }) {
  return (
    <Card
      title="Server"
      words="The program that receives the audio: a transcription, analytics or AI platform, or your own."
    >
      <div class="stack">
        <AddressField values={values} />
        <SecretFields values={values} />
        <ConnectionTry values={values} />
      </div>
    </Card>
  );
}

/** Kept while the address is empty, when there is nothing else that could hold the choice. */
let lastScheme: Scheme = 'wss://';

function AddressField({ values }: { readonly values: FormValues }) {
  const parts = partsOf(values.serverAddress);
  const scheme = parts.rest === '' ? lastScheme : parts.scheme;
  const take = (next: { scheme: Scheme; rest: string }) => {
    lastScheme = next.scheme;
    change({ serverAddress: addressOf(next) });
  };
  const whyNot = whyLocked('serverAddress');
  return (
    <>
      <Field
        label="Server Address"
        hint="Such as example.com/audio or 192.0.2.10:8091. Each call opens one connection to it."
        problem={shownProblems.value.serverAddress}
        whyNot={whyNot}
      >
        {(labelled) => (
          <div class="joined">
            <select
              class="select mono"
              aria-label="Kind of connection: ws:// is not encrypted, wss:// is"
              value={scheme}
              disabled={whyNot !== undefined}
              onChange={({ currentTarget }) =>
                take({ scheme: SCHEMES.find((one) => one === currentTarget.value) ?? scheme, rest: parts.rest })
              }
            >
              {SCHEMES.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
            <input
              {...labelled}
              class="input mono"
              type="text"
              inputMode="url"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              placeholder="example.com/audio"
              value={parts.rest}
              onInput={({ currentTarget }) => take(typed(currentTarget.value, scheme))}
            />
          </div>
        )}
      </Field>
      {saved.value?.isUnverified === true && scheme === 'wss://' && (
        <Note tone="warn">
          The certificate of the server is not verified, so anybody on the way can take its place:{' '}
          <code>streaming.insecure</code> is true. Only the settings file, the environment or a flag can change that.
        </Note>
      )}
      {isReadableOnTheWay({ scheme, rest: parts.rest }) && (
        <Note tone="warn">
          With <code>ws://</code> anybody on the way can hear the calls and read the secret. Choose <code>wss://</code>{' '}
          unless the whole way is yours.{' '}
          {whyNot === undefined && (
            <Button kind="quiet" size="small" onPress={() => take({ scheme: 'wss://', rest: parts.rest })}>
              Use wss://
            </Button>
          )}
        </Note>
      )}
    </>
  );
}
