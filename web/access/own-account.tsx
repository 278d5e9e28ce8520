/** One's own account: who one is, another password, and out. */
import { useSignal } from '@preact/signals';
import { changePassword } from '../api/access.js';
import { messageOf, RequestFailed } from '../api/request.js';
import { useAction } from '../parts/action.js';
import { Card } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { TextField } from '../parts/text-field.js';
import { passwordProblem } from '../session/password.js';
import { signOut, user } from '../session/session.js';
import { tell } from '../shell/notices.js';
import { RightBadges } from './rights.js';

export function OwnAccount() {
  const isOpen = useSignal(false);
  const me = user.value;
  return (
    <Card title="Your account">
      <div class="row apart">
        <div class="row">
          <strong>{me?.name}</strong>
          {me !== undefined && <RightBadges {...me} />}
        </div>
        <div class="row">
          <Button
            onPress={() => {
              isOpen.value = true;
            }}
          >
            Change password
          </Button>
          <Button icon="out" onPress={() => void signOut()}>
            Sign out
          </Button>
        </div>
      </div>
      {isOpen.value && (
        <PasswordDialog
          onDone={() => {
            isOpen.value = false;
          }}
        />
      )}
    </Card>
  );
}

function PasswordDialog({ onDone }: { readonly onDone: () => void }) {
  const present = useSignal('');
  const next = useSignal('');
  const problems = useSignal<Readonly<Partial<Record<'present' | 'next', string>>>>({});
  const change = useAction(
    async () => {
      const weak = passwordProblem(next.value);
      problems.value = weak === undefined ? {} : { next: weak };
      if (weak !== undefined) return;
      await changePassword(present.value, next.value);
      tell('Your password is changed. Wherever else you were signed in, you are signed out.');
      onDone();
    },
    (cause) => {
      problems.value =
        cause instanceof RequestFailed && cause.problems.length > 0
          ? Object.fromEntries(cause.problems.map(({ field, message }) => [field, message]))
          : { present: messageOf(cause) };
    },
  );
  return (
    <Dialog
      title="Change your password"
      onCancel={onDone}
      onSubmit={() => void change.run()}
      actions={
        <>
          <Button onPress={onDone}>Cancel</Button>
          <Button kind="primary" isSubmit isBusy={change.isBusy}>
            Change it
          </Button>
        </>
      }
    >
      <TextField
        label="Present password"
        value={present.value}
        onInput={(text) => {
          present.value = text;
        }}
        isPassword
        isFirst
        autocomplete="current-password"
        problem={problems.value.present}
      />
      <TextField
        label="New password"
        value={next.value}
        onInput={(text) => {
          next.value = text;
        }}
        isPassword
        autocomplete="new-password"
        hint="At least 12 characters."
        problem={problems.value.next}
      />
    </Dialog>
  );
}
