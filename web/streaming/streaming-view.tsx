/** The view WebSocket Audio Streaming: the form, and what stands around it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { messageOf } from '../api/request.js';
import { Card, Note } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Switch } from '../parts/switch.js';
import { View } from '../parts/view.js';
import { mayChange, READ_ONLY } from '../session/session.js';
import { listOf } from '../words/amounts.js';
import { AudioCard } from './audio-card.js';
import { ConflictDialog } from './conflict-dialog.js';
import type { FormValues } from './form-state.js';
import { ObjectsCard, objects, subscribesNothing } from './objects-card.js';
import { SaveBar } from './save-bar.js';
import { ServerCard } from './server-card.js';
import { change, formProblem, load, saved, values } from './streaming-form.js';
import { Versions } from './versions.js';
import { originInWords, whyLocked } from './why-locked.js';

export function StreamingView() {
  const problem = useSignal<string | undefined>(undefined);
  const fetchAll = () => {
    problem.value = undefined;
    load().catch((cause: unknown) => {
      problem.value = messageOf(cause);
    });
    void objects.load();
  };
  useEffect(fetchAll, []);
  const form = values.value;
  return (
    <View
      title="WebSocket Audio Streaming"
      words="Sends the audio of every party of a call, live, to a server of your choice."
      end={<Versions />}
    >
      {problem.value !== undefined && (
        <Note tone="bad">
          <p>{problem.value}</p>
          <Button size="small" onPress={fetchAll}>
            Try again
          </Button>
        </Note>
      )}
      {form === undefined && problem.value === undefined && <p class="muted">Loading …</p>}
      {form !== undefined && <Form form={form} />}
      <ConflictDialog />
    </View>
  );
}

function Form({ form }: { readonly form: FormValues }) {
  return (
    <div class="form">
      <div class="form-cards">
        <Card title="Streaming" end={<MainSwitch form={form} />}>
          <p class="muted">{stateInWords(form)}</p>
        </Card>
        {!mayChange.value && <Note>{READ_ONLY}</Note>}
        <LockedNote />
        <ServerCard values={form} />
        <AudioCard values={form} />
        <ObjectsCard values={form} />
        {formProblem.value !== undefined && <Note tone="bad">{formProblem.value}</Note>}
      </div>
      <SaveBar />
    </div>
  );
}

function MainSwitch({ form }: { readonly form: FormValues }) {
  return (
    <Switch isOn={form.enable} onChange={(enable) => change({ enable })} whyNot={whyLocked('enable')}>
      {form.enable ? 'On' : 'Off'}
      <span class="hidden-text"> WebSocket Audio Streaming</span>
    </Switch>
  );
}

function stateInWords(form: FormValues): string {
  if (!form.enable) return 'Off: calls go their way, and no audio leaves this machine.';
  if (form.serverAddress === '') return 'On, but there is no Server Address yet, so no audio can be sent.';
  if (subscribesNothing(form)) return 'On, but nothing is chosen under Subscription Object, so no call is streamed.';
  return 'On: calls with the objects chosen below are streamed as soon as they are answered.';
}

function LockedNote() {
  const origins = new Set(Object.values(saved.value?.locked ?? {}).map(originInWords));
  if (origins.size === 0 || !mayChange.value) return null;
  return (
    <Note>
      Some settings are given by {listOf([...origins])} and can't be changed here. They are marked with a lock.
    </Note>
  );
}
