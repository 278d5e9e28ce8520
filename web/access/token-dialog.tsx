/** Making an API token, which is shown this once and never again. */
import { useSignal } from '@preact/signals';
import type { MadeToken } from '../../src/io/web/contract/access.js';
import { makeToken } from '../api/access.js';
import { messageOf } from '../api/request.js';
import { useAction } from '../parts/action.js';
import { Note } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { Switch } from '../parts/switch.js';
import { TextField } from '../parts/text-field.js';
import { tell } from '../shell/notices.js';
import { RightFields, type Rights } from './rights.js';

export function TokenDialog({ onDone }: { readonly onDone: () => void }) {
  const made = useSignal<MadeToken | undefined>(undefined);
  return made.value === undefined ? (
    <MakeDialog
      onDone={onDone}
      onMade={(token) => {
        made.value = token;
      }}
    />
  ) : (
    <MadeDialog made={made.value} onDone={onDone} />
  );
}

function MakeDialog({ onDone, onMade }: { readonly onDone: () => void; readonly onMade: (token: MadeToken) => void }) {
  const name = useSignal('');
  const rights = useSignal<Rights>({ role: 'reader', mayListen: false });
  const mayReadSecrets = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const make = useAction(
    async () => {
      problem.value = name.value.trim() === '' ? 'Enter a name, such as the program that will use it.' : undefined;
      if (problem.value !== undefined) return;
      onMade(await makeToken({ name: name.value.trim(), ...rights.value, mayReadSecrets: mayReadSecrets.value }));
    },
    (cause) => {
      problem.value = messageOf(cause);
    },
  );
  return (
    <Dialog
      title="Create an API token"
      onCancel={onDone}
      onSubmit={() => void make.run()}
      actions={
        <>
          <Button onPress={onDone}>Cancel</Button>
          <Button kind="primary" isSubmit isBusy={make.isBusy}>
            Create token
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name.value}
        onInput={(text) => {
          name.value = text;
        }}
        isFirst
        maxLength={64}
        placeholder="ticket system"
        problem={problem.value}
      />
      <RightFields
        rights={rights.value}
        onChange={(next) => {
          rights.value = next;
        }}
      />
      <Switch
        isCheck
        isOn={mayReadSecrets.value}
        onChange={(isOn) => {
          mayReadSecrets.value = isOn;
        }}
      >
        May read secrets: settings then show the receiving server's secret instead of hiding it.
      </Switch>
    </Dialog>
  );
}

function MadeDialog({ made, onDone }: { readonly made: MadeToken; readonly onDone: () => void }) {
  const copy = () => {
    // Without https the browser has no clipboard; the text can be selected all the same.
    if (navigator.clipboard === undefined) tell('Select the token and copy it by hand.', 'plain');
    else
      navigator.clipboard.writeText(made.token).then(
        () => tell('Copied.'),
        () => tell('The browser does not allow it. Select the token and copy it by hand.', 'plain'),
      );
  };
  return (
    <Dialog
      title={`Token “${made.name}”`}
      onCancel={() => undefined}
      actions={
        <>
          <Button icon="copy" onPress={copy}>
            Copy
          </Button>
          <Button kind="primary" onPress={onDone}>
            I have kept it
          </Button>
        </>
      }
    >
      <Note tone="warn">
        <strong>Copy it now.</strong> It is shown this once: only a fingerprint of it is kept here.
      </Note>
      <output class="token mono">{made.token}</output>
      <p class="small muted">
        Programs send it as the header <code>Authorization: Bearer …</code>
      </p>
    </Dialog>
  );
}
