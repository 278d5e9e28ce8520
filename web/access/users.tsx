/** The users: added, given rights or another password, removed. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { User } from '../../src/io/web/contract/access.js';
import { listUsers, removeUser } from '../api/access.js';
import { useAction } from '../parts/action.js';
import { Card } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { Loaded, loadable } from '../parts/loaded.js';
import { user as me } from '../session/session.js';
import { now } from '../shell/clock.js';
import { tell } from '../shell/notices.js';
import { fullDateOf, momentOf } from '../words/dates.js';
import { RightBadges } from './rights.js';
import { UserDialog } from './user-dialog.js';

const users = loadable(listUsers);

type Open = { readonly kind: 'new' } | { readonly kind: 'change' | 'remove'; readonly user: User };

export function Users() {
  const open = useSignal<Open | undefined>(undefined);
  useEffect(() => void users.load(), []);
  const close = () => {
    open.value = undefined;
    void users.load();
  };
  return (
    <Card
      title="Users"
      end={
        <Button
          size="small"
          icon="plus"
          onPress={() => {
            open.value = { kind: 'new' };
          }}
        >
          Add user
        </Button>
      }
    >
      <Loaded from={users}>
        {(list) => (
          <table class="table cards flush">
            <caption class="hidden-text">Users</caption>
            <thead>
              <tr>
                <th scope="col">User name</th>
                <th scope="col">Rights</th>
                <th scope="col">Last seen</th>
                <th scope="col">
                  <span class="hidden-text">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map((user) => (
                <UserRow
                  key={user.name}
                  user={user}
                  onOpen={(kind) => {
                    open.value = { kind, user };
                  }}
                />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {open.value?.kind === 'new' && <UserDialog user={undefined} onDone={close} />}
      {open.value?.kind === 'change' && <UserDialog user={open.value.user} onDone={close} />}
      {open.value?.kind === 'remove' && <RemoveDialog user={open.value.user} onDone={close} />}
    </Card>
  );
}

interface UserRowProps {
  readonly user: User;
  readonly onOpen: (kind: 'change' | 'remove') => void;
}

function UserRow({ user, onOpen }: UserRowProps) {
  const isMe = user.name === me.value?.name;
  return (
    <tr>
      <th scope="row">
        {user.name} {isMe && <span class="muted">(you)</span>}
      </th>
      <td data-label="Rights">
        <RightBadges {...user} />
      </td>
      <td data-label="Last seen">
        {user.lastSeenAt === null ? (
          <span class="muted">never</span>
        ) : (
          <time title={fullDateOf(user.lastSeenAt)}>{momentOf(user.lastSeenAt, now.value)}</time>
        )}
      </td>
      <td class="end">
        <div class="row end">
          <Button size="small" label={`Change ${user.name}`} onPress={() => onOpen('change')}>
            Change
          </Button>
          <Button
            size="small"
            kind="quiet"
            label={`Remove ${user.name}`}
            whyNot={isMe ? 'This is your own account. Another administrator can remove it.' : undefined}
            onPress={() => onOpen('remove')}
          >
            Remove
          </Button>
        </div>
      </td>
    </tr>
  );
}

function RemoveDialog({ user, onDone }: { readonly user: User; readonly onDone: () => void }) {
  const remove = useAction(async () => {
    await removeUser(user.name);
    tell(`${user.name} is removed, and signed out everywhere.`);
    onDone();
  });
  return (
    <Dialog
      title={`Remove ${user.name}?`}
      onCancel={onDone}
      actions={
        <>
          <Button onPress={onDone}>Cancel</Button>
          <Button kind="danger" onPress={() => void remove.run()} isBusy={remove.isBusy}>
            Remove
          </Button>
        </>
      }
    >
      <p>{user.name} is signed out at once and can't come in any more. The audit trail keeps what they did.</p>
    </Dialog>
  );
}
