/** Earlier versions of the settings: who saved them when, and the way back to one. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SettingsVersion } from '../../src/io/web/contract/settings.js';
import { listVersions, restoreVersion } from '../api/settings.js';
import { useAction } from '../parts/action.js';
import { Badge } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { Loaded, loadable } from '../parts/loaded.js';
import { mayChange, READ_ONLY } from '../session/session.js';
import { now } from '../shell/clock.js';
import { tell } from '../shell/notices.js';
import { listOf } from '../words/amounts.js';
import { fullDateOf, momentOf } from '../words/dates.js';
import { FIELD_LABELS, fieldAt } from './form-state.js';
import { fill, isDirty } from './streaming-form.js';

const versions = loadable(listVersions);

export function Versions() {
  const isOpen = useSignal(false);
  const close = () => {
    isOpen.value = false;
  };
  return (
    <>
      <Button
        icon="history"
        onPress={() => {
          isOpen.value = true;
        }}
      >
        Earlier versions
      </Button>
      {isOpen.value && (
        <Dialog title="Earlier versions" onCancel={close} actions={<Button onPress={close}>Close</Button>}>
          <p class="muted">The last ten are kept. Going back to one makes a new version, so nothing is lost by it.</p>
          <VersionList onDone={close} />
        </Dialog>
      )}
    </>
  );
}

function VersionList({ onDone }: { readonly onDone: () => void }) {
  useEffect(() => void versions.load(), []);
  const restore = useAction(async (revision: number) => {
    const { settings } = await restoreVersion(revision);
    fill(settings);
    tell(`The settings of version ${revision} hold again.`);
    onDone();
  });
  return (
    <Loaded from={versions}>
      {(list) =>
        list.length === 0 ? (
          <p>Nothing was saved on this page yet.</p>
        ) : (
          <ul class="versions">
            {[...list]
              .sort((a, b) => b.revision - a.revision)
              .map((version) => (
                <Version key={version.revision} version={version} isBusy={restore.isBusy} onRestore={restore.run} />
              ))}
          </ul>
        )
      }
    </Loaded>
  );
}

interface VersionProps {
  readonly version: SettingsVersion;
  readonly isBusy: boolean;
  readonly onRestore: (revision: number) => Promise<void>;
}

function Version({ version, isBusy, onRestore }: VersionProps) {
  const { revision, savedAt, savedBy, isCurrent } = version;
  return (
    <li class="row apart">
      <div>
        <p>
          <strong>Version {revision}</strong>{' '}
          <span class="muted small">
            {savedBy}, <time title={fullDateOf(savedAt)}>{momentOf(savedAt, now.value)}</time>
          </span>
        </p>
        <p class="small muted">{version.changed.length === 0 ? 'No change' : `Changed: ${changedIn(version)}`}</p>
      </div>
      {isCurrent ? (
        <Badge tone="good">in force</Badge>
      ) : (
        <Button size="small" isBusy={isBusy} whyNot={whyNot()} onPress={() => void onRestore(revision)}>
          Go back to it
        </Button>
      )}
    </li>
  );
}

function changedIn({ changed }: SettingsVersion): string {
  const names = changed.map((key) => {
    const field = fieldAt(key.replace('secret.name', 'secretName').replace('secret.value', 'secretValue'));
    return field === undefined ? key : FIELD_LABELS[field];
  });
  return listOf([...new Set(names)]);
}

function whyNot(): string | undefined {
  if (!mayChange.value) return READ_ONLY;
  return isDirty.value ? 'Save or discard your changes first.' : undefined;
}
