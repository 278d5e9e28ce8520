/** What can be done with a whole running call: listen, pause, and stop or start its streaming. */
import type { RunningCall } from '../../src/io/web/contract/calls.js';
import { pauseCall, streamCall } from '../api/calls.js';
import { listen, listening, stopListening } from '../listen/player.js';
import { useAction } from '../parts/action.js';
import { Button } from '../parts/button.js';
import { mayChange, mayListen, READ_ONLY } from '../session/session.js';
import { tell } from '../shell/notices.js';

/** Why calls can't be heard here; undefined where they can. */
export function whyNotListen(): string | undefined {
  if (!mayListen.value) return 'Your account may not listen to calls. An administrator can allow it under Access.';
  // Browsers have the audio thread only there.
  return isSecureContext ? undefined : 'Browsers play calls only on a page opened by https, or on the machine itself.';
}

export function CallActions({ call, title }: { readonly call: RunningCall; readonly title: string }) {
  const { callid, isStreamed, participants } = call;
  const isPaused = participants.length > 0 && participants.every((participant) => participant.isPaused);
  const pause = useAction(async () => {
    await pauseCall(callid, !isPaused);
    tell(isPaused ? `${title}: audio is sent again.` : `${title}: paused, silence is sent until you resume.`);
  });
  const stream = useAction(async () => {
    await streamCall(callid, !isStreamed);
    tell(isStreamed ? `${title} is no longer streamed.` : `${title} is streamed from now on.`);
  });
  const whyNot = mayChange.value ? undefined : READ_ONLY;
  const isHeard = listening.value?.callid === callid && listening.value.channelid === undefined;
  return (
    <div class="row call-actions">
      {isStreamed && (
        <>
          <Button
            size="small"
            icon="listen"
            isOn={isHeard}
            label={isHeard ? `Stop listening to ${title}` : `Listen to ${title}`}
            whyNot={whyNotListen()}
            onPress={() => (isHeard ? stopListening() : void listen({ callid, channelid: undefined, title }))}
          >
            {isHeard ? 'Listening' : 'Listen'}
          </Button>
          <Button
            size="small"
            icon={isPaused ? 'play' : 'pause'}
            label={`${isPaused ? 'Resume' : 'Pause'} ${title}`}
            whyNot={whyNot}
            isBusy={pause.isBusy}
            onPress={() => void pause.run()}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
        </>
      )}
      <Button
        size="small"
        icon={isStreamed ? 'stop' : 'streaming'}
        label={`${isStreamed ? 'Stop' : 'Stream'}: the streaming of ${title}`}
        whyNot={whyNot}
        isBusy={stream.isBusy}
        onPress={() => void stream.run()}
      >
        {isStreamed ? 'Stop' : 'Stream'}
      </Button>
    </div>
  );
}
