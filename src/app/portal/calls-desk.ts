/** What the page may ask and order about calls. */
import type { CallView, ParticipantView } from '../../core/call/call-view.js';
import type { CallsPort } from '../../io/web/calls-routes.js';
import type { CallRecord, RunningCall } from '../../io/web/contract/calls.js';
import type { RegisteredCall } from '../call-register.js';
import type { Media } from '../media/media.js';
import type { LiveReading } from '../media/media-news.js';
import type { Participant, ParticipantOutcome } from '../participant.js';
import type { StreamedCalls } from '../streamed-calls.js';
import { callRecord, type HistoryCall, runningCall } from './call-records.js';

/** A participant of a streamed call, with what Asterisk knows of it. */
export interface StreamedParticipant {
  readonly view: ParticipantView;
  readonly participant: Participant;
}

export class CallsDesk implements CallsPort {
  readonly #calls: StreamedCalls;
  readonly #media: Media;

  constructor(calls: StreamedCalls, media: Media) {
    this.#calls = calls;
    this.#media = media;
  }

  running(): RunningCall[] {
    return this.#calls.views
      .filter(({ participants }) => participants.some(({ isUp }) => isUp))
      .sort((one, other) => compareIds(one.callid, other.callid))
      .map((view) => this.#running(view));
  }

  async recent(search: string, limit: number): Promise<CallRecord[]> {
    return this.#records(this.#calls.history.search(search, limit));
  }

  async find(callid: string): Promise<CallRecord | undefined> {
    const call = this.#calls.history.find(callid);
    return call === undefined ? undefined : (await this.#records([call]))[0];
  }

  setStreamed(callid: string, isStreamed: boolean): boolean {
    if (!this.#calls.views.some((view) => view.callid === callid)) return false;
    this.#calls.order(callid, isStreamed);
    return true;
  }

  setPaused(callid: string, isPaused: boolean): boolean {
    if (!this.#calls.setPaused(callid, isPaused)) return false;
    for (const { participant } of this.streamed(callid)) participant.setPaused(isPaused);
    return true;
  }

  setParticipantPaused(callid: string, channelid: string, isPaused: boolean): boolean {
    const found = this.streamed(callid).filter(({ participant }) => participant.channelid === channelid);
    for (const { participant } of found) participant.setPaused(isPaused);
    return found.length > 0;
  }

  call(callid: string): RegisteredCall | undefined {
    return this.#calls.streamedCall(callid);
  }

  /** How loud everybody is shall be measured from now on, or need not be any longer. */
  measure(isOn: boolean): void {
    this.#media.order({ kind: 'measure', isOn });
  }

  /** What the live view shows of each participant, by its number. */
  async readings(): Promise<ReadonlyMap<number, LiveReading>> {
    const readings = await this.#media.ask({ kind: 'live' });
    return new Map(readings.map((reading) => [reading.participant, reading]));
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

  async #records(calls: readonly HistoryCall[]): Promise<CallRecord[]> {
    const channelids = new Set(calls.flatMap(({ participants }) => participants.map(({ channelid }) => channelid)));
    const present = this.streamed().filter(({ participant }) => channelids.has(participant.channelid));
    const outcomes = await this.#outcomes(present.map(({ participant }) => participant));
    return calls.map((call) => callRecord(call, ({ channelid }) => outcomes.get(channelid)));
  }

  /** So far, by the channel's name. A few at a time, so that nobody's audio waits for the answer. */
  async #outcomes(participants: readonly Participant[]): Promise<ReadonlyMap<string, ParticipantOutcome>> {
    const outcomes = new Map<string, ParticipantOutcome>();
    for (let from = 0; from < participants.length; from += ASKED_AT_ONCE) {
      const some = participants.slice(from, from + ASKED_AT_ONCE);
      const answer = await this.#media.ask({ kind: 'outcomes', participants: some.map(({ id }) => id) });
      for (const { id, channelid } of some) {
        const outcome = answer.get(id);
        if (outcome !== undefined) outcomes.set(channelid, outcome);
      }
    }
    return outcomes;
  }
}

const ASKED_AT_ONCE = 50;

/** Their numbers by value, so that calls stand in the order in which they began, whenever their streaming did. */
const compareIds = new Intl.Collator('en', { numeric: true }).compare;

const MS_PER_SECOND = 1000;

/** Asterisk's ids begin with the second in which the channel was made, after the system's name if it has one. */
function bornAtOf(uniqueid: string, otherwise: number = Date.now()): number {
  const [, seconds] = /(\d+)\.\d+$/.exec(uniqueid) ?? [];
  return seconds === undefined ? otherwise : Number(seconds) * MS_PER_SECOND;
}
