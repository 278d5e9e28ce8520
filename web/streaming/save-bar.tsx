/** Save, and what saving will do: at the lower edge as long as something is not saved. */
import { computed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { runningCalls } from '../live/running.js';
import { useAction } from '../parts/action.js';
import { Badge } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { Switch } from '../parts/switch.js';
import { mayChange } from '../session/session.js';
import { now } from '../shell/clock.js';
import { tell } from '../shell/notices.js';
import { numberOf } from '../words/amounts.js';
import { fullDateOf, momentOf } from '../words/dates.js';
import { effectOf } from './change-effect.js';
import { applyToRunning, changed, discard, isConflictShown, isDirty, save, saved, theirs } from './streaming-form.js';

const streamedCalls = computed(() => runningCalls.value.filter(({ isStreamed }) => isStreamed).length);

/** Saves, tells what came of it, and brings the first field that needs attention into sight. */
export async function saveAndTell(): Promise<boolean> {
  const { result, words } = await save();
  if (result === 'saved') tell(words);
  if (result === 'problems') {
    tell(words, 'bad');
    // The fields carry their problems only after the next paint.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.form [aria-invalid="true"]')?.focus());
  }
  return result === 'saved';
}

export function SaveBar() {
  const action = useAction(async () => {
    await saveAndTell();
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (isDirty.value) void action.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  if (!mayChange.value) return null;
  if (!isDirty.value) return <SavedLine />;
  const { words, canApplyToRunning } = effectOf(changed.value, streamedCalls.value);
  return (
    <section class="save-bar" aria-label="Unsaved changes">
      <div class="save-words">
        <p>
          <strong>{numberOf(changed.value.length, 'unsaved change')}</strong>
          {theirs.value !== undefined && <TheirsToo savedBy={theirs.value.savedBy} />}
        </p>
        <p class="small muted">{words}</p>
        {canApplyToRunning && (
          <Switch
            isCheck
            isOn={applyToRunning.value}
            onChange={(isOn) => {
              applyToRunning.value = isOn;
            }}
          >
            Also cut over {numberOf(streamedCalls.value, 'running call')}: their streams end and begin anew
          </Switch>
        )}
      </div>
      <div class="row">
        <Button onPress={discard}>Discard</Button>
        <Button kind="primary" onPress={() => void action.run()} isBusy={action.isBusy}>
          {action.isBusy ? 'Saving …' : 'Save'}
        </Button>
      </div>
    </section>
  );
}

function TheirsToo({ savedBy }: { readonly savedBy: string | null }) {
  return (
    <span class="row" role="status">
      <Badge tone="warn">{savedBy ?? 'somebody'} has saved meanwhile</Badge>
      <Button
        kind="quiet"
        size="small"
        onPress={() => {
          isConflictShown.value = true;
        }}
      >
        See what
      </Button>
    </span>
  );
}

function SavedLine() {
  const { savedAt, savedBy } = saved.value ?? {};
  return (
    <div class="saved-line">
      <div class="row small muted">
        <Icon name="check" />
        {savedAt == null ? (
          'All as in the settings file; nothing was saved here yet.'
        ) : (
          <span>
            All saved. Last change by {savedBy}, <time title={fullDateOf(savedAt)}>{momentOf(savedAt, now.value)}</time>
          </span>
        )}
      </div>
      <Button kind="primary" whyNot="There is nothing to save.">
        Save
      </Button>
    </div>
  );
}
