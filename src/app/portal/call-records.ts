/** Calls as the API shows them: times of the wall clock, and figures that people read. */
import type { CallRecord as KeptCall, ParticipantRecord } from '../../core/call/call-history.js';
import type { CallView, ParticipantView } from '../../core/call/call-view.js';
import type { CallRecord, ParticipantFigures, RunningCall, TimelineParticipant } from '../../io/web/contract/calls.js';
import type { DeliveryCounts } from '../call-stream.js';
import type { ParticipantOutcome } from '../participant.js';

export type HistoryCall = KeptCall<ParticipantOutcome, DeliveryCounts>;

/** What only the program knows of a party that is in a call now. */
export interface RunningState {
  readonly begunAt: number;
  readonly isPaused: boolean;
}

export function runningCall(
  { callid, isStreamed, callflow, participants }: CallView,
  begunAt: number,
  stateOf: (participant: ParticipantView) => RunningState,
): RunningCall {
  return {
    callid,
    callflow,
    begunAt: iso(begunAt),
    isStreamed,
    participants: participants
      .filter(({ isUp }) => isUp)
      .map((participant) => {
        const state = stateOf(participant);
        const { channelid, number, role } = participant;
        return { channelid, number, role, begunAt: iso(state.begunAt), isPaused: state.isPaused };
      }),
  };
}

/** `outcomeOf` tells of participants whose streams are not over yet. */
export function callRecord(
  call: HistoryCall,
  outcomeOf: (participant: ParticipantRecord<ParticipantOutcome>) => ParticipantOutcome | undefined,
): CallRecord {
  const { callid, begun, ended, wallOffset, callflows, participants, delivery } = call;
  return {
    callid,
    begunAt: iso(begun),
    endedAt: ended === undefined ? null : iso(ended),
    callflows: callflows.map(({ at, callflow }) => ({ at: iso(at), callflow })),
    participants: inOrder(call.begun, participants).map((one) =>
      timeline(one, one.figures ?? one.whole ?? outcomeOf(one), wallOffset),
    ),
    delivery: delivery ?? null,
  };
}

export function participantFigures({ stats }: ParticipantOutcome): ParticipantFigures {
  const { fragments, lostMs, pausedMs, packets, jitterMs } = stats;
  return { fragments, lostMs: whole(lostMs), pausedMs: whole(pausedMs), packets, jitterMs: whole(jitterMs) };
}

function timeline(
  { channelid, number, begun, ended, movedTo, figures }: ParticipantRecord<ParticipantOutcome>,
  outcome: ParticipantOutcome | undefined,
  wallOffset: number,
): TimelineParticipant {
  // A stream that goes on under another call has one outcome: each of its calls shows its own part.
  // Its figures are of the whole, and stand where it ended.
  const own = movedTo === undefined ? outcome : figures;
  const from = begun - wallOffset;
  const to = (ended ?? Number.POSITIVE_INFINITY) - wallOffset;
  const gaps = (outcome?.gaps ?? []).filter(({ at }) => at >= from - LATE_MS && at < to);
  return {
    channelid,
    number,
    begunAt: iso(begun),
    endedAt: ended === undefined ? null : iso(ended),
    movedTo: movedTo ?? null,
    figures: own === undefined ? null : participantFigures(own),
    gaps: gaps.map(({ at, ms, why }) => ({ at: iso(at + wallOffset), milliseconds: whole(ms), why })),
  };
}

/** Those with whom the call began, in the order in which Asterisk made their channels: the caller first. Then the others. */
function inOrder<One extends { readonly begun: number; readonly channelid: string }>(
  callBegun: number,
  participants: readonly One[],
): One[] {
  const isFirst = ({ begun }: One): boolean => begun - callBegun < FIRST_MS;
  const first = participants.filter(isFirst).sort((one, other) => serialOf(one.channelid) - serialOf(other.channelid));
  return [...first, ...participants.filter((one) => !isFirst(one))];
}

const FIRST_MS = 1000;

/** Asterisk ends a channel's name in a number that it counts up, in hexadecimal digits. */
function serialOf(channelName: string): number {
  return Number.parseInt(/-([0-9a-f]+)$/.exec(channelName)?.[1] ?? '0', 16);
}

/** The stream of a participant may begin with what was said a moment before we knew of the answer. */
const LATE_MS = 500;

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function whole(value: number): number {
  return Math.round(value);
}
