/** Two administrators at once: whoever saves second is told what the first one changed, and decides. */
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { now } from '../shell/clock.js';
import { tell } from '../shell/notices.js';
import { listOf } from '../words/amounts.js';
import { momentOf } from '../words/dates.js';
import { differences, FIELD_LABELS, type FieldName, valuesOf } from './form-state.js';
import { changed, discard, isConflictShown, keepMine, saved, theirs } from './streaming-form.js';

export function ConflictDialog() {
  const back = () => {
    isConflictShown.value = false;
  };
  const other = theirs.value;
  const mine = saved.value;
  if (other === undefined || mine === undefined || !isConflictShown.value) return null;
  const changedByThem = differences(valuesOf(mine), valuesOf(other));
  const both = changedByThem.filter((name) => changed.value.includes(name));
  return (
    <Dialog
      title="Somebody else has saved meanwhile"
      onCancel={back}
      actions={
        <>
          <Button kind="quiet" onPress={back}>
            Back to the form
          </Button>
          <Button onPress={discard}>Discard mine</Button>
          <Button
            kind="primary"
            onPress={() => {
              keepMine();
              tell('Their changes are in the form now, and yours on top. Look it over, then save.');
            }}
          >
            Keep mine on top
          </Button>
        </>
      }
    >
      <p>
        <strong>{other.savedBy ?? 'Somebody'}</strong> saved these settings
        {other.savedAt === null ? '' : ` at ${momentOf(other.savedAt, now.value)}`}. Nothing of yours is lost, and
        nothing of yours is saved yet.
      </p>
      <dl class="pairs">
        <dt>They changed</dt>
        <dd>{named(changedByThem) || 'nothing that is shown here'}</dd>
        <dt>You changed</dt>
        <dd>{named(changed.value)}</dd>
      </dl>
      {both.length > 0 && <p class="problem">Both of you changed {named(both)}: “Keep mine on top” takes yours.</p>}
    </Dialog>
  );
}

function named(names: readonly FieldName[]): string {
  return listOf(names.map((name) => FIELD_LABELS[name]));
}
