/** What the page may ask and order about calls. */
import type { CallView, ParticipantView } from '../../core/call/call-view.js';
import type { CallsPort } from '../../io/web/calls-routes.js';
import type { CallRecord, RunningCall } from '../../io/web/contract/calls.js';
import type { StreamedCall } from '../call-streams.js';
import type { Participant } from '../participant.js';
import type { StreamedCalls } from '../streamed-calls.js';
import { callRecord, type HistoryCall, runningCall } from './call-records.js';

/** A participant of a streamed call, with what Asterisk knows of it. */
export interface StreamedParticipant {
  readonly view: ParticipantView;
  readonly participant: Participant;
}

export class CallsDesk implements CallsPort {
  readonly #calls: StreamedCalls;

  constructor(calls: StreamedCalls) {
    this.#calls = calls;
  }

  running(): RunningCall[] {
    return this.#calls.views
      .filter(({ participants }) => participants.some(({ isUp }) => isUp))
      .sort((one, other) => compareIds(one.callid, other.callid))
      .map((view) => this.#running(view));
  }

  recent(search: string, limit: number): CallRecord[] {
    const present = this.streamed();
    return this.#calls.history.search(search, limit).map((call) => this.#record(call, present));
  }

  find(callid: string): CallRecord | undefined {
    const call = this.#calls.history.find(callid);
    return call === undefined ? undefined : this.#record(call, this.streamed());
  }

  setStreamed(callid: string, isStreamed: boolean): boolean {
    if (!this.#calls.views.some((view) => view.callid === callid)) return false;
    this.#calls.order(callid, isStreamed);
    return true;
  }

  setPaused(callid: string, isPaused: boolean): boolean {
    const call = this.#calls.streamedCall(callid);
    if (call === undefined) return false;
    call.isPaused = isPaused;
    for (const { participant } of this.streamed(callid)) participant.setPaused(isPaused);
    return true;
  }

  setParticipantPaused(callid: string, channelid: string, isPaused: boolean): boolean {
    const found = this.streamed(callid).filter(({ participant }) => participant.channelid === channelid);
    for (const { participant } of found) participant.setPaused(isPaused);
    return found.length > 0;
  }

  call(callid: string): StreamedCall | undefined {
    return this.#calls.streamedCall(callid);
  }

  /** The participants of one streamed call, or of all. */
  streamed(callid?: string): StreamedParticipant[] {
    const views = this.#calls.views.filter((view) => callid === undefined || view.callid === callid);
    return views.flatMap(({ participants }) =>
      participants.flatMap((view) => {
        const participant = this.#calls.participant(view.channelId);
        return participant?.call === undefined ? [] : [{ view, participant }];
      }),
    );
  }

  #running(view: CallView): RunningCall {
    const record = view.isStreamed ? this.#calls.history.find(view.callid) : undefined;
    const bornAt = record?.begun ?? bornAtOf(view.callid);
    return runningCall(view, bornAt, ({ channelId, channelid }) => ({
      begunAt:
        record?.participants.findLast((one) => one.channelid === channelid)?.begun ?? bornAtOf(channelId, bornAt),
      isPaused: this.#calls.participant(channelId)?.isPaused ?? false,
    }));
  }

  #record(call: HistoryCall, present: readonly StreamedParticipant[]): CallRecord {
    return callRecord(
      call,
      ({ channelid }) => present.find(({ participant }) => participant.channelid === channelid)?.participant.outcome,
    );
  }
}

/** Their numbers by value, so that calls stand in the order in which they began, whenever their streaming did. */
const compareIds = new Intl.Collator('en', { numeric: true }).compare;

const MS_PER_SECOND = 1000;

/** Asterisk's ids begin with the second in which the channel was made, after the system's name if it has one. */
function bornAtOf(uniqueid: string, otherwise: number = Date.now()): number {
  const [, seconds] = /(\d+)\.\d+$/.exec(uniqueid) ?? [];
  return seconds === undefined ? otherwise : Number(seconds) * MS_PER_SECOND;
}
