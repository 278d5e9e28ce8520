/** The very first visit: the code from the log proves that this is the administrator, who then gets an account. */
import { useSignal } from '@preact/signals';
import { messageOf, RequestFailed } from '../api/request.js';
import { useAction } from '../parts/action.js';
import { Note } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/text-field.js';
import { Door } from './door.js';
import { passwordProblem } from './password.js';
import { setUp } from './session.js';

type Problems = Readonly<Partial<Record<'code' | 'name' | 'password' | 'again' | 'all', string>>>;

export function SetUp() {
  const form = useSignal({ code: '', name: 'admin', password: '', again: '' });
  const problems = useSignal<Problems>({});
  const set = (part: Partial<typeof form.value>) => {
    form.value = { ...form.value, ...part };
  };
  const action = useAction(
    async () => {
      problems.value = problemsIn(form.value);
      if (Object.keys(problems.value).length > 0) return;
      await setUp(form.value.code.trim(), form.value.name.trim(), form.value.password);
    },
    (cause) => {
      problems.value = problemsOf(cause);
    },
  );
  return (
    <Door title="Welcome" words="Create the first account: that of an administrator.">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        <TextField
          label="Set-up code"
          value={form.value.code}
          onInput={(code) => set({ code })}
          isFirst
          isMono
          maxLength={64}
          problem={problems.value.code}
          hint={
            <>
              The program has written it to its log at the start. As a service:{' '}
              <code>journalctl -u ari-audio-stream</code>
            </>
          }
        />
        <TextField
          label="User name"
          value={form.value.name}
          onInput={(name) => set({ name })}
          autocomplete="username"
          maxLength={64}
          problem={problems.value.name}
        />
        <TextField
          label="Password"
          value={form.value.password}
          onInput={(password) => set({ password })}
          isPassword
          autocomplete="new-password"
          maxLength={256}
          hint="At least 12 characters. Several words are easier to remember than signs."
          problem={problems.value.password}
        />
        <TextField
          label="Password again"
          value={form.value.again}
          onInput={(again) => set({ again })}
          isPassword
          autocomplete="new-password"
          maxLength={256}
          problem={problems.value.again}
        />
        <div role="alert">{problems.value.all !== undefined && <Note tone="bad">{problems.value.all}</Note>}</div>
        <Button kind="primary" isSubmit isBusy={action.isBusy}>
          Create account
        </Button>
      </form>
    </Door>
  );
}

interface SetUpForm {
  readonly code: string;
  readonly name: string;
  readonly password: string;
  readonly again: string;
}

function problemsIn({ code, name, password, again }: SetUpForm): Problems {
  const weak = passwordProblem(password);
  return {
    ...(code.trim() === '' ? { code: 'Enter the code from the log.' } : {}),
    ...(name.trim() === '' ? { name: 'Enter a user name.' } : {}),
    ...(weak === undefined ? {} : { password: weak }),
    ...(password === again ? {} : { again: 'The two passwords differ.' }),
  };
}

function problemsOf(cause: unknown): Problems {
  if (!(cause instanceof RequestFailed) || cause.problems.length === 0) return { all: messageOf(cause) };
  return Object.fromEntries(cause.problems.map(({ field, message }) => [field, message]));
}
