/** The calls that run now, as the live connection last told them. */
import { computed, signal } from '@preact/signals';
import type { RunningCall } from '../../src/io/web/contract/calls.js';

export const runningCalls = signal<readonly RunningCall[]>([]);
/** Whether they are known at all. */
export const isKnown = signal(false);

export const participantCount = computed(() =>
  runningCalls.value.reduce((sum, { participants }) => sum + participants.length, 0),
);

/** Takes the new list; a call in which nothing changed stays the same object, so that its card is left alone. */
export function takeCalls(calls: readonly RunningCall[]): void {
  const known = new Map(runningCalls.value.map((call) => [call.callid, call]));
  runningCalls.value = calls.map((call) => {
    const before = known.get(call.callid);
    return before !== undefined && JSON.stringify(before) === JSON.stringify(call) ? before : call;
  });
  isKnown.value = true;
}

/** The calls in which the search finds something: a number, a callid, a channel, a callflow. */
export function callsWith(calls: readonly RunningCall[], search: string): RunningCall[] {
  const wanted = search.trim().toLowerCase();
  return calls.filter(({ callid, callflow, participants }) =>
    [callid, callflow, ...participants.flatMap(({ number, channelid }) => [number, channelid])].some((text) =>
      text.toLowerCase().includes(wanted),
    ),
  );
}
