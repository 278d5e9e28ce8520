/** The view Live: the calls of now, with what is sent of each participant. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { RunningCall } from '../../src/io/web/contract/calls.js';
import { liveLink } from '../api/live-link.js';
import { health } from '../health/health.js';
import { Empty, Note, Search } from '../parts/boxes.js';
import { View } from '../parts/view.js';
import { hashOf } from '../shell/router.js';
import { numberOf } from '../words/amounts.js';
import { CallCard, LIVE_COLUMNS } from './call-card.js';
import { callsWith, isKnown, participantCount, runningCalls } from './running.js';

export function LiveView() {
  const search = useSignal('');
  const calls = runningCalls.value;
  const found = callsWith(calls, search.value);
  return (
    <View
      title="Live"
      words="The calls of this moment, and what is sent of each participant."
      end={calls.length > 0 && <Totals />}
    >
      <Trouble />
      {calls.length > 0 && (
        <div class="row apart">
          <Search
            label="Search number, channel or callid"
            value={search.value}
            onInput={(text) => {
              search.value = text;
            }}
          />
          <p class="small muted" role="status">
            {search.value === '' ? '' : `${numberOf(found.length, 'call')} found`}
          </p>
        </div>
      )}
      {found.length > 0 && (
        <div class={liveLink.value === 'lost' ? 'live stale' : 'live'}>
          <div class="live-columns" aria-hidden="true">
            {LIVE_COLUMNS.map((name) => (
              <span key={name}>{name}</span>
            ))}
            <span />
          </div>
          {found.map((call) => (
            <SteadyCard key={call.callid} call={call} />
          ))}
        </div>
      )}
      {calls.length > 0 && found.length === 0 && (
        <Empty icon="search" title="Nothing found">
          <p>No running call has “{search.value}” in a number, a channel or its callid.</p>
        </Empty>
      )}
      {calls.length === 0 && (isKnown.value ? <NoCalls /> : <p class="muted">Connecting …</p>)}
    </View>
  );
}

/** Rendered again only when its call has changed: takeCalls() keeps the object of one that has not. */
function SteadyCard({ call }: { readonly call: RunningCall }) {
  return useMemo(() => <CallCard call={call} />, [call]);
}

function Totals() {
  return (
    <p class="totals number">
      <strong>{runningCalls.value.length}</strong> {runningCalls.value.length === 1 ? 'call' : 'calls'},{' '}
      <strong>{participantCount.value}</strong> {participantCount.value === 1 ? 'participant' : 'participants'}
    </p>
  );
}

/** Why calls may be missing here, or don't reach the server. */
function Trouble() {
  const troubles = [health.value?.asterisk, health.value?.receiver].filter((one) => one?.state === 'trouble');
  if (troubles.length === 0) return null;
  return (
    <Note tone="bad">
      {troubles.map((trouble) => (
        <p key={trouble?.message}>
          <strong>{trouble?.message}</strong>
        </p>
      ))}
      <a href={hashOf('health')}>What to do about it</a>
    </Note>
  );
}

function NoCalls() {
  return (
    <div class="card">
      <Empty icon="live" title="No call at this moment">
        <p>
          Calls appear here by themselves as soon as they begin. If one runs and is missing here, look at{' '}
          <a href={hashOf('health')}>Health</a>; if it is here but is not streamed, at the{' '}
          <a href={hashOf('streaming')}>Subscription Object</a>.
        </p>
      </Empty>
    </div>
  );
}
