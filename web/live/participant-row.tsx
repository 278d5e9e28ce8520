/** One participant of a running call: who it is, how loud, what was sent; pause, and listen. */
import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RunningCall, RunningParticipant } from '../../src/io/web/contract/calls.js';
import { pauseParticipant } from '../api/calls.js';
import { listen, listening, stopListening } from '../listen/player.js';
import { useAction } from '../parts/action.js';
import { Badge } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { mayChange, READ_ONLY } from '../session/session.js';
import { now } from '../shell/clock.js';
import { clockOf, countOf, lengthOf } from '../words/amounts.js';
import { whyNotListen } from './call-actions.js';
import { type Figures, figures } from './figures.js';
import { Meter, moveMeter } from './meter.js';

interface RowProps {
  readonly call: RunningCall;
  readonly participant: RunningParticipant;
}

export function ParticipantRow({ call, participant }: RowProps) {
  const { channelid, number, role, isPaused } = participant;
  const name = number === '' ? 'unknown' : number;
  return (
    <tr class={isPaused ? 'paused' : undefined} data-channelid={channelid}>
      <th scope="row" data-label="Number">
        <span class="party" title={channelid}>
          <Icon name={role === 'trunk' ? 'trunk' : 'phone'} />
          <span class="party-number">{name}</span>
        </span>
      </th>
      <td data-label="Role">{role === 'trunk' ? 'Trunk' : 'Extension'}</td>
      {call.isStreamed ? (
        <Shown channelid={channelid} name={name} isPaused={isPaused} begunAt={participant.begunAt} />
      ) : (
        <NotStreamed begunAt={participant.begunAt} />
      )}
      <td class="row-actions">{call.isStreamed && <Actions call={call} participant={participant} name={name} />}</td>
    </tr>
  );
}

/** Nothing is measured, sent or to be heard of one who is not streamed. */
function NotStreamed({ begunAt }: { readonly begunAt: string }) {
  const since = Date.parse(begunAt);
  const duration = useComputed(() => clockOf(now.value - since));
  return (
    <>
      <td data-label="Level" class="level" />
      <td data-label="Duration" class="number">
        {duration}
      </td>
      {['Fragments', 'Waiting', 'Lost'].map((label) => (
        <td key={label} data-label={label} class="number muted">
          –
        </td>
      ))}
    </>
  );
}

interface ShownProps {
  readonly channelid: string;
  readonly name: string;
  readonly isPaused: boolean;
  readonly begunAt: string;
}

function Shown({ channelid, name, isPaused, begunAt }: ShownProps) {
  const elements = {
    meter: useRef<HTMLDivElement>(null),
    cover: useRef<HTMLDivElement>(null),
    peak: useRef<HTMLDivElement>(null),
  };
  const fragments = useRef<HTMLSpanElement>(null);
  const waiting = useRef<HTMLSpanElement>(null);
  const lost = useRef<HTMLSpanElement>(null);
  const since = Date.parse(begunAt);
  const duration = useComputed(() => clockOf(now.value - since));
  const label = `Level of ${name}`;
  useEffect(() => {
    const show = (figure: Figures) => {
      moveMeter(elements, label, figure.levelDb, figure.peakDb);
      write(fragments.current, countOf(figure.fragments));
      write(waiting.current, countOf(figure.waiting), figure.waiting > 0);
      write(lost.current, figure.lostMs > 0 ? lengthOf(figure.lostMs) : '0', figure.lostMs > 0);
    };
    return figures.ofParticipant(channelid, show);
  }, [channelid, label]);
  return (
    <>
      <td data-label="Level" class="level">
        {isPaused ? <Badge tone="warn">paused, sends silence</Badge> : <Meter elements={elements} label={label} />}
      </td>
      <td data-label="Duration" class="number">
        {duration}
      </td>
      <td data-label="Fragments" class="number">
        <span ref={fragments} class="figure">
          0
        </span>
      </td>
      <td data-label="Waiting" class="number">
        <span ref={waiting} class="figure">
          0
        </span>
      </td>
      <td data-label="Lost" class="number">
        <span ref={lost} class="figure">
          0
        </span>
      </td>
    </>
  );
}

function write(element: HTMLElement | null, text: string, isNotable = false): void {
  if (element === null) return;
  if (element.textContent !== text) element.textContent = text;
  element.classList.toggle('notable', isNotable);
}

function Actions({ call, participant, name }: RowProps & { readonly name: string }) {
  const { callid } = call;
  const { channelid, isPaused } = participant;
  const pause = useAction(() => pauseParticipant(callid, channelid, !isPaused));
  const isHeard = listening.value?.callid === callid && listening.value.channelid === channelid;
  return (
    <div class="row">
      <Button
        icon={isPaused ? 'play' : 'pause'}
        label={`${isPaused ? 'Resume' : 'Pause'} ${name}`}
        isBusy={pause.isBusy}
        whyNot={mayChange.value ? undefined : READ_ONLY}
        onPress={() => void pause.run()}
      />
      <Button
        icon="listen"
        label={`${isHeard ? 'Stop listening' : 'Listen'} to ${name}`}
        isOn={isHeard}
        whyNot={whyNotListen()}
        onPress={() => (isHeard ? stopListening() : void listen({ callid, channelid, title: name }))}
      />
    </div>
  );
}
