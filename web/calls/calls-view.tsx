/** The view Calls: those that were streamed, the newest first; and one of them in full. */
import { useEffect } from 'preact/hooks';
import type { CallRecord } from '../../src/io/web/contract/calls.js';
import { Badge, Empty, Search } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Loaded } from '../parts/loaded.js';
import { View } from '../parts/view.js';
import { now } from '../shell/clock.js';
import { hashOf, route } from '../shell/router.js';
import { lengthOf } from '../words/amounts.js';
import { fullDateOf, momentOf } from '../words/dates.js';
import { CallDetail } from './call-detail.js';
import { lengthMsOf, lostMsOf, partiesOf, stepsOf } from './call-in-short.js';
import { limit, recent, search, searchFor, showMore } from './recent-calls.js';

export function CallsView() {
  const { detail } = route.value;
  return detail === '' ? <CallList /> : <CallDetail key={detail} callid={detail} />;
}

function CallList() {
  useEffect(() => void recent.load(), []);
  return (
    <View title="Calls" words="The calls that were streamed since the program was started, the newest first.">
      <div class="row">
        <Search label="Search number, channel or callid" value={search.value} onInput={searchFor} />
      </div>
      <Loaded from={recent}>{(calls) => <Found calls={calls} />}</Loaded>
    </View>
  );
}

function Found({ calls }: { readonly calls: readonly CallRecord[] }) {
  if (calls.length === 0) {
    return (
      <div class="card">
        {search.value.trim() === '' ? (
          <Empty icon="calls" title="No call yet">
            <p>
              A call is listed here once it has been streamed. If calls were made and none is here, choose whose calls
              are streamed under <a href={hashOf('streaming')}>Audio Streaming</a>.
            </p>
          </Empty>
        ) : (
          <Empty icon="search" title="Nothing found">
            <p>No call has “{search.value}” in a number, a channel or its callid.</p>
          </Empty>
        )}
      </div>
    );
  }
  return (
    <>
      <div class="card">
        <table class="table cards">
          <caption class="hidden-text">Recent calls</caption>
          <thead>
            <tr>
              <th scope="col">Participants</th>
              <th scope="col">Begin</th>
              <th scope="col" class="end">
                Length
              </th>
              <th scope="col">Callflow</th>
              <th scope="col">Audio</th>
            </tr>
          </thead>
          <tbody>
            {calls.map((call) => (
              <CallRow key={call.callid} call={call} />
            ))}
          </tbody>
        </table>
      </div>
      {calls.length >= limit.value && limit.value < 1000 && (
        <div>
          <Button onPress={() => void showMore()}>Show more</Button>
        </div>
      )}
    </>
  );
}

function CallRow({ call }: { readonly call: CallRecord }) {
  const steps = stepsOf(call);
  return (
    <tr>
      <th scope="row">
        <a href={hashOf('calls', call.callid)} class="call-link">
          {partiesOf(call)}
        </a>
        {call.endedAt === null && <Badge tone="good">running</Badge>}
      </th>
      <td data-label="Begin" class="nowrap">
        <time dateTime={call.begunAt} title={fullDateOf(call.begunAt)}>
          {momentOf(call.begunAt, now.value)}
        </time>
      </td>
      <td data-label="Length" class="number end">
        {lengthOf(lengthMsOf(call, now.value))}
      </td>
      <td data-label="Callflow">
        {steps.length === 0 ? (
          <span class="muted">Direct</span>
        ) : (
          <span class="chips">
            {steps.map((step) => (
              <Badge key={step} tone="accent">
                {step}
              </Badge>
            ))}
          </span>
        )}
      </td>
      <td data-label="Audio">
        <Quality call={call} />
      </td>
    </tr>
  );
}

function Quality({ call }: { readonly call: CallRecord }) {
  const lost = lostMsOf(call);
  const dropped = call.delivery?.dropped ?? 0;
  if (dropped > 0) return <Badge tone="bad">not all delivered</Badge>;
  if (lost > 0) return <Badge tone="warn">{lengthOf(lost)} lost</Badge>;
  return <Badge tone="good">complete</Badge>;
}
