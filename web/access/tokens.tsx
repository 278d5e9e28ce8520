/** API tokens: made, shown once, revoked. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Token } from '../../src/io/web/contract/access.js';
import { API } from '../../src/io/web/contract/endpoints.js';
import { listTokens, revokeToken } from '../api/access.js';
import { addressOf } from '../api/request.js';
import { useAction } from '../parts/action.js';
import { Card } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { Loaded, loadable } from '../parts/loaded.js';
import { now } from '../shell/clock.js';
import { tell } from '../shell/notices.js';
import { fullDateOf, momentOf } from '../words/dates.js';
import { RightBadges } from './rights.js';
import { TokenDialog } from './token-dialog.js';

const tokens = loadable(listTokens);

export function Tokens() {
  const isMaking = useSignal(false);
  const revoked = useSignal<Token | undefined>(undefined);
  useEffect(() => void tokens.load(), []);
  const close = () => {
    isMaking.value = false;
    revoked.value = undefined;
    void tokens.load();
  };
  return (
    <Card
      title="API tokens"
      words={
        <>
          For programs that use the API instead of this page.{' '}
          <a href={addressOf(API.reference).href}>Read about the API</a>
        </>
      }
      end={
        <Button
          size="small"
          icon="plus"
          onPress={() => {
            isMaking.value = true;
          }}
        >
          Create token
        </Button>
      }
    >
      <Loaded from={tokens}>
        {(list) =>
          list.length === 0 ? (
            <p class="muted">There is no token yet.</p>
          ) : (
            <table class="table cards flush">
              <caption class="hidden-text">API tokens</caption>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Rights</th>
                  <th scope="col">Created</th>
                  <th scope="col">Last used</th>
                  <th scope="col">
                    <span class="hidden-text">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.map((token) => (
                  <TokenRow
                    key={token.id}
                    token={token}
                    onRevoke={() => {
                      revoked.value = token;
                    }}
                  />
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {isMaking.value && <TokenDialog onDone={close} />}
      {revoked.value !== undefined && <RevokeDialog token={revoked.value} onDone={close} />}
    </Card>
  );
}

function TokenRow({ token, onRevoke }: { readonly token: Token; readonly onRevoke: () => void }) {
  const { name, createdAt, createdBy, lastUsedAt } = token;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label="Rights">
        <RightBadges {...token} />
      </td>
      <td data-label="Created">
        <time title={fullDateOf(createdAt)}>{momentOf(createdAt, now.value)}</time>{' '}
        <span class="muted">by {createdBy}</span>
      </td>
      <td data-label="Last used">
        {lastUsedAt === null ? (
          <span class="muted">never</span>
        ) : (
          <time title={fullDateOf(lastUsedAt)}>{momentOf(lastUsedAt, now.value)}</time>
        )}
      </td>
      <td class="end">
        <Button size="small" kind="quiet" label={`Revoke ${name}`} onPress={onRevoke}>
          Revoke
        </Button>
      </td>
    </tr>
  );
}

function RevokeDialog({ token, onDone }: { readonly token: Token; readonly onDone: () => void }) {
  const revoke = useAction(async () => {
    await revokeToken(token.id);
    tell(`${token.name} is revoked.`);
    onDone();
  });
  return (
    <Dialog
      title={`Revoke ${token.name}?`}
      onCancel={onDone}
      actions={
        <>
          <Button onPress={onDone}>Cancel</Button>
          <Button kind="danger" onPress={() => void revoke.run()} isBusy={revoke.isBusy}>
            Revoke
          </Button>
        </>
      }
    >
      <p>Programs that use it are refused at once. This can't be undone; a new token can be created.</p>
    </Dialog>
  );
}
