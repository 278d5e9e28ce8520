/** One running call with its participants. */
import { useComputed } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { RunningCall } from '../../src/io/web/contract/calls.js';
import { Badge } from '../parts/boxes.js';
import { now } from '../shell/clock.js';
import { clockOf, numberOf } from '../words/amounts.js';
import { CALLFLOW_WORDS } from '../words/callflow.js';
import { CallActions } from './call-actions.js';
import { figures } from './figures.js';
import { ParticipantRow } from './participant-row.js';

export function CallCard({ call }: { readonly call: RunningCall }) {
  const { callid, callflow, isStreamed, participants } = call;
  const id = useId();
  const title = titleOf(call);
  const since = Date.parse(call.begunAt);
  const duration = useComputed(() => clockOf(now.value - since));
  return (
    <section class="card call" aria-labelledby={id} data-callid={callid}>
      <header class="call-head">
        <div class="call-title">
          <h2 id={id} title={`callid ${callid}`}>
            {title}
          </h2>
          <span class="number muted">{duration}</span>
          {callflow !== '' && <Badge tone="accent">{CALLFLOW_WORDS[callflow]}</Badge>}
          {!isStreamed && <Badge>not streamed</Badge>}
          <Reconnects callid={callid} />
        </div>
        <CallActions call={call} title={title} />
      </header>
      {participants.length > 0 && (
        <table class="table live-table">
          <thead class="hidden-text">
            <tr>
              {LIVE_COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody>
            {participants.map((participant) => (
              <ParticipantRow key={participant.channelid} call={call} participant={participant} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export const LIVE_COLUMNS = ['Number', 'Role', 'Level', 'Duration', 'Fragments sent', 'Waiting', 'Lost'] as const;

export function titleOf({ participants, callid }: RunningCall): string {
  const numbers = participants.map(({ number }) => number).filter((number) => number !== '');
  if (numbers.length === 0) return `Call ${callid}`;
  return numbers.length > 3 ? `${numbers.slice(0, 3).join(' · ')} and ${numbers.length - 3} more` : numbers.join(' · ');
}

function Reconnects({ callid }: { readonly callid: string }) {
  const badge = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      figures.reconnectsOf(callid, (count) => {
        const element = badge.current;
        if (element === null) return;
        element.hidden = count === 0;
        element.textContent = `receiver ${numberOf(count, 'reconnect')}`;
      }),
    [callid],
  );
  return <span ref={badge} class="badge warn" hidden />;
}
