/** Adding a user, or changing one: rights, and a password. */
import { useSignal } from '@preact/signals';
import type { User } from '../../src/io/web/contract/access.js';
import { addUser, changeUser } from '../api/access.js';
import { messageOf, RequestFailed } from '../api/request.js';
import { useAction } from '../parts/action.js';
import { Note } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { TextField } from '../parts/text-field.js';
import { passwordProblem } from '../session/password.js';
import { loadSession, user as me } from '../session/session.js';
import { tell } from '../shell/notices.js';
import { RightFields, type Rights } from './rights.js';

type Problems = Readonly<Partial<Record<'name' | 'password' | 'all', string>>>;

interface UserDialogProps {
  /** Undefined for a new one. */
  readonly user: User | undefined;
  readonly onDone: () => void;
}

export function UserDialog({ user, onDone }: UserDialogProps) {
  const name = useSignal(user?.name ?? '');
  const password = useSignal('');
  const rights = useSignal<Rights>({ role: user?.role ?? 'reader', mayListen: user?.mayListen ?? false });
  const problems = useSignal<Problems>({});
  const isMe = user !== undefined && user.name === me.value?.name;
  const save = useAction(
    async () => {
      problems.value = problemsIn(user, name.value, password.value);
      if (Object.keys(problems.value).length > 0) return;
      await store(user, name.value.trim(), password.value, rights.value);
      tell(user === undefined ? `${name.value} can sign in now.` : `${user.name} is changed.`);
      if (isMe) await loadSession();
      onDone();
    },
    (cause) => {
      problems.value = problemsOf(cause);
    },
  );
  return (
    <Dialog
      title={user === undefined ? 'Add a user' : `Change ${user.name}`}
      onCancel={onDone}
      onSubmit={() => void save.run()}
      actions={
        <>
          <Button onPress={onDone}>Cancel</Button>
          <Button kind="primary" isSubmit isBusy={save.isBusy}>
            {user === undefined ? 'Add' : 'Change'}
          </Button>
        </>
      }
    >
      {user === undefined && (
        <TextField
          label="User name"
          value={name.value}
          onInput={(text) => {
            name.value = text;
          }}
          isFirst
          maxLength={64}
          problem={problems.value.name}
        />
      )}
      {isMe ? (
        <p class="hint">Your own password is changed above, under Your account.</p>
      ) : (
        <TextField
          label={user === undefined ? 'Password' : 'New password'}
          value={password.value}
          onInput={(text) => {
            password.value = text;
          }}
          isPassword
          autocomplete="new-password"
          hint={user === undefined ? 'At least 12 characters.' : 'Leave it empty to keep the present one.'}
          problem={problems.value.password}
        />
      )}
      <RightFields
        rights={rights.value}
        onChange={(next) => {
          rights.value = next;
        }}
      />
      <div role="alert">{problems.value.all !== undefined && <Note tone="bad">{problems.value.all}</Note>}</div>
    </Dialog>
  );
}

async function store(user: User | undefined, name: string, password: string, rights: Rights): Promise<void> {
  if (user === undefined) await addUser({ name, password, ...rights });
  else await changeUser(user.name, password === '' ? { ...rights } : { ...rights, password });
}

function problemsIn(user: User | undefined, name: string, password: string): Problems {
  const weak = user !== undefined && password === '' ? undefined : passwordProblem(password);
  return {
    ...(name.trim() === '' ? { name: 'Enter a user name.' } : {}),
    ...(weak === undefined ? {} : { password: weak }),
  };
}

function problemsOf(cause: unknown): Problems {
  if (!(cause instanceof RequestFailed) || cause.problems.length === 0) return { all: messageOf(cause) };
  return Object.fromEntries(cause.problems.map(({ field, message }) => [field, message]));
}
