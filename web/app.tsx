/** The page as a whole: the door, or the shell with its live connection for whoever is signed in. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LiveMessage } from '../src/io/web/contract/live.js';
import { closeLive, openLive } from './api/live-link.js';
import { messageOf } from './api/request.js';
import { takeCallOver } from './calls/recent-calls.js';
import { takeHealth } from './health/health.js';
import { stopListening } from './listen/player.js';
import { figures } from './live/figures.js';
import { takeCalls } from './live/running.js';
import { Note } from './parts/boxes.js';
import { Button } from './parts/button.js';
import { Door } from './session/door.js';
import { checkSession, loadSession, session } from './session/session.js';
import { SetUp } from './session/set-up.js';
import { SignIn } from './session/sign-in.js';
import { Shell } from './shell/shell.js';
import { forget, onSavedElsewhere } from './streaming/streaming-form.js';

export function App() {
  const problem = useSignal<string | undefined>(undefined);
  const start = () => {
    problem.value = undefined;
    loadSession().catch((cause: unknown) => {
      problem.value = messageOf(cause);
    });
  };
  useEffect(start, []);
  const state = session.value?.state;
  useEffect(() => {
    if (state !== 'signed-in') return undefined;
    openLive({ onMessage, onRefused: checkSession });
    return () => {
      closeLive();
      stopListening();
      forget();
    };
  }, [state]);
  if (state === 'signed-in') return <Shell />;
  if (state === 'setup-needed') return <SetUp />;
  if (state === 'signed-out') return <SignIn />;
  return problem.value === undefined ? null : (
    <Door title="No answer" words="The page is there, but the program behind it is not.">
      <Note tone="bad">{problem.value}</Note>
      <Button onPress={start}>Try again</Button>
    </Door>
  );
}

function onMessage(message: LiveMessage): void {
  switch (message.kind) {
    case 'calls':
      takeCalls(message.calls);
      break;
    case 'figures':
      figures.take(message);
      break;
    case 'health':
      takeHealth(message.health);
      break;
    case 'settings':
      // When this fails, Save tells of the conflict anyway.
      onSavedElsewhere(message.revision).catch(() => undefined);
      break;
    case 'call-over':
      takeCallOver();
      break;
  }
}
