/** One call in full: its timeline, what was sent of each participant, and how the receiver took it. */
import { useEffect, useMemo } from 'preact/hooks';
import type { CallRecord } from '../../src/io/web/contract/calls.js';
import { readCall } from '../api/calls.js';
import { Badge, Card, Empty } from '../parts/boxes.js';
import { Icon } from '../parts/icon.js';
import { Loaded, loadable } from '../parts/loaded.js';
import { View } from '../parts/view.js';
import { now } from '../shell/clock.js';
import { hashOf } from '../shell/router.js';
import { countOf, lengthOf } from '../words/amounts.js';
import { fullDateOf, timeOf } from '../words/dates.js';
import { gapMsOf, lengthMsOf, partiesOf } from './call-in-short.js';
import { timelineOf } from './timeline.js';
import { TimelinePicture } from './timeline-picture.js';

/** How often a call that still runs is asked for again. */
const REFRESH_MS = 2_000;

export function CallDetail({ callid }: { readonly callid: string }) {
  const call = useMemo(() => loadable(() => readCall(callid)), [callid]);
  useEffect(() => {
    void call.load();
    const timer = setInterval(() => {
      if (call.value.value?.endedAt === null) void call.load();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [call]);
  const record = call.value.value;
  return (
    <View
      title={record === undefined ? `Call ${callid}` : partiesOf(record)}
      words={
        <a href={hashOf('calls')} class="row back">
          <Icon name="back" />
          All calls
        </a>
      }
      end={record?.endedAt === null && <Badge tone="good">running</Badge>}
    >
      <Loaded from={call}>{(loaded) => <Record call={loaded} />}</Loaded>
    </View>
  );
}

function Record({ call }: { readonly call: CallRecord }) {
  return (
    <>
      <Card title="Timeline">
        {call.participants.length === 0 ? (
          <Empty icon="calls" title="No participant was streamed" />
        ) : (
          <TimelinePicture timeline={timelineOf(call, now.value)} />
        )}
      </Card>
      <div class="card">
        <Participants call={call} />
      </div>
      <div class="tiles wide">
        <Card title="Call">
          <dl class="pairs">
            <dt>Begin</dt>
            <dd>{fullDateOf(call.begunAt)}</dd>
            <dt>Length</dt>
            <dd>{lengthOf(lengthMsOf(call, now.value))}</dd>
            <dt>callid</dt>
            <dd class="mono">{call.callid}</dd>
          </dl>
        </Card>
        <Card title="Delivery to the server">
          <Delivery call={call} />
        </Card>
      </div>
    </>
  );
}

function Participants({ call }: { readonly call: CallRecord }) {
  return (
    <table class="table cards">
      <caption class="hidden-text">Participants</caption>
      <thead>
        <tr>
          <th scope="col">Participant</th>
          <th scope="col">From</th>
          <th scope="col" class="end">
            Length
          </th>
          <th scope="col" class="end">
            Fragments
          </th>
          <th scope="col" class="end">
            Lost
          </th>
          <th scope="col" class="end">
            Paused
          </th>
          <th scope="col" class="end">
            Jitter
          </th>
        </tr>
      </thead>
      <tbody>
        {call.participants.map((participant) => (
          <tr key={`${participant.channelid}${participant.begunAt}`}>
            <th scope="row">
              {participant.number === '' ? 'unknown' : participant.number}
              <div class="small muted mono plain-weight">{participant.channelid}</div>
              {participant.movedTo !== null && (
                <a class="small plain-weight" href={hashOf('calls', participant.movedTo)}>
                  went on in another call
                </a>
              )}
            </th>
            <td data-label="From" class="nowrap">
              {timeOf(participant.begunAt)}
            </td>
            <td data-label="Length" class="number end">
              {lengthOf(lengthMsOf(participant, now.value))}
            </td>
            <td data-label="Fragments" class="number end">
              {participant.figures === null ? '–' : countOf(participant.figures.fragments)}
            </td>
            <td data-label="Lost" class="number end">
              {gapMsOf(participant, 'lost') === 0 ? '0' : lengthOf(gapMsOf(participant, 'lost'))}
            </td>
            <td data-label="Paused" class="number end">
              {gapMsOf(participant, 'paused') === 0 ? '0' : lengthOf(gapMsOf(participant, 'paused'))}
            </td>
            <td data-label="Jitter" class="number end">
              {participant.figures === null ? '–' : lengthOf(participant.figures.jitterMs)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Delivery({ call: { delivery } }: { readonly call: CallRecord }) {
  if (delivery === null) return <p class="muted">Known when the connection to the server has ended.</p>;
  return (
    <dl class="pairs">
      <dt>Connections made again</dt>
      <dd class="number">{countOf(delivery.reconnects)}</dd>
      <dt>Fragments sent again</dt>
      <dd class="number">{countOf(delivery.resent)}</dd>
      <dt>Dropped, since the buffer was full</dt>
      <dd class="number">{countOf(delivery.dropped)}</dd>
      <dt>Not confirmed at the end</dt>
      <dd class="number">{countOf(delivery.unconfirmed)}</dd>
    </dl>
  );
}
