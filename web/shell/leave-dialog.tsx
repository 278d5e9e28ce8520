/** Leaving the form with changes that are not saved: stay, discard them, or save and go on. */
import { useAction } from '../parts/action.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { saveAndTell } from '../streaming/save-bar.js';
import { changed, discard } from '../streaming/streaming-form.js';
import { numberOf } from '../words/amounts.js';
import { goOn, wanted } from './router.js';

export function LeaveDialog() {
  const stay = () => {
    wanted.value = undefined;
  };
  const save = useAction(async () => {
    if (await saveAndTell()) goOn();
    else stay();
  });
  if (wanted.value === undefined) return null;
  return (
    <Dialog
      title="Leave without saving?"
      onCancel={stay}
      actions={
        <>
          <Button kind="quiet" onPress={stay}>
            Stay here
          </Button>
          <Button
            onPress={() => {
              discard();
              goOn();
            }}
          >
            Discard and go on
          </Button>
          <Button kind="primary" onPress={() => void save.run()} isBusy={save.isBusy}>
            Save and go on
          </Button>
        </>
      }
    >
      <p>WebSocket Audio Streaming has {numberOf(changed.value.length, 'change')} that would be lost.</p>
    </Dialog>
  );
}
