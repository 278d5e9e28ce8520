/** Signing in, on a page of its own, and anew in the middle of work. */
import { useSignal } from '@preact/signals';
import { messageOf } from '../api/request.js';
import { useAction } from '../parts/action.js';
import { Note } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/text-field.js';
import { Door } from './door.js';
import { signIn } from './session.js';

/** The fields, with what they say when it did not work. */
export function useSignIn(knownName: string) {
  const name = useSignal(knownName);
  const password = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const action = useAction(
    async () => {
      problem.value = undefined;
      if (name.value === '' || password.value === '') {
        problem.value = 'Enter your user name and your password.';
        return;
      }
      await signIn(name.value, password.value);
    },
    (cause) => {
      problem.value = messageOf(cause);
      password.value = '';
    },
  );
  const fields = (
    <>
      <TextField
        label="User name"
        value={name.value}
        isFirst={knownName === ''}
        autocomplete="username"
        maxLength={64}
        onInput={(text) => {
          name.value = text;
        }}
      />
      <TextField
        label="Password"
        value={password.value}
        isFirst={knownName !== ''}
        isPassword
        autocomplete="current-password"
        maxLength={256}
        onInput={(text) => {
          password.value = text;
        }}
      />
      <div role="alert">{problem.value !== undefined && <Note tone="bad">{problem.value}</Note>}</div>
    </>
  );
  return { fields, action };
}

export function SignIn() {
  const { fields, action } = useSignIn('');
  return (
    <Door title="Sign in" words="To set up and watch the streaming of calls.">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        {fields}
        <Button kind="primary" isSubmit isBusy={action.isBusy}>
          {action.isBusy ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
    </Door>
  );
}
