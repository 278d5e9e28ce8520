/** What calls there were and are: their participants, times, callflow steps and figures, for later questions. */

import type { Callflow } from '../callflow.js';
import type { CallOutput } from './call-events.js';

/**
 * Times are milliseconds since 1970, as the machine's clock stood when the call began: one that is set meanwhile makes no call
 * longer or shorter.
 */
export interface CallRecord<Figures, Delivery = unknown> {
  readonly callid: string;
  readonly begun: number;
  ended: number | undefined;
  /** What is added to times of the monotonic clock to have such times. */
  readonly wallOffset: number;
  /** What the call was in, from when on. */
  readonly callflows: { readonly at: number; readonly callflow: Callflow }[];
  readonly participants: ParticipantRecord<Figures>[];
  /** What became of what was sent, once all of it is delivered or given up. */
  delivery: Delivery | undefined;
}

export interface ParticipantRecord<Figures> {
  /** The channel's name. */
  readonly channelid: string;
  readonly number: string;
  readonly begun: number;
  ended: number | undefined;
  /** The call under which its stream went on. */
  movedTo: string | undefined;
  /** What its stream came to, once it has ended in this call. */
  figures: Figures | undefined;
  /** What the whole stream came to, of which this was a part. */
  whole: Figures | undefined;
}

interface OpenParticipant<Figures, Delivery> {
  readonly call: CallRecord<Figures, Delivery>;
  readonly participant: ParticipantRecord<Figures>;
}

export const CALLS_KEPT = 1000;
/** Of each call; a conference that never ends forgets who left it first. */
export const PARTICIPANTS_KEPT = 1000;
export const CALLFLOWS_KEPT = 1000;

/** Who comes to a conference, or is picked up, is in a call of his own for a moment. In ms. */
const PASSING_MS = 1000;

export class CallHistory<Figures = unknown, Delivery = unknown> {
  /** In the order in which they began; those that are up are the last of their callid. */
  readonly #calls: CallRecord<Figures, Delivery>[] = [];
  /** Participants whose stream has not ended, by channel, and the calls that they are in. */
  readonly #open = new Map<string, OpenParticipant<Figures, Delivery>>();

  /** The newest first. */
  get calls(): readonly CallRecord<Figures, Delivery>[] {
    return [...this.#calls].reverse();
  }

  /** The newest call of this callid. */
  find(callid: string): CallRecord<Figures, Delivery> | undefined {
    return this.#calls.findLast((call) => call.callid === callid);
  }

  /**
   * The newest calls whose callid, or whose participants' numbers or channels, contain this text; case does not matter.
   * One that went on at once in another is found by its whole callid alone.
   */
  search(text: string, limit: number): CallRecord<Figures, Delivery>[] {
    const wanted = text.trim().toLowerCase();
    const found: CallRecord<Figures, Delivery>[] = [];
    for (let i = this.#calls.length - 1; i >= 0 && found.length < limit; i--) {
      const call = this.#calls[i];
      if (call === undefined || (isPassing(call) && call.callid !== wanted)) continue;
      if (namesIn(call).some((name) => name.toLowerCase().includes(wanted))) found.push(call);
    }
    return found;
  }

  /** `now` is in ms on a monotonic clock, and `wallOffset` what makes milliseconds since 1970 of it. */
  record(output: CallOutput, now: number, wallOffset = 0): void {
    switch (output.kind) {
      case 'open':
        this.#begin(
          this.#obtain(output.callid, now, wallOffset),
          output.channel.id,
          output.channel.name,
          output.number,
          now,
        );
        break;
      case 'callflow':
        this.#flow(this.#obtain(output.callid, now, wallOffset), output.callflow, now);
        break;
      case 'move':
        this.#move(output.channelId, output.callid, now, wallOffset);
        break;
      case 'close':
        this.#endParticipant(output.channelId, now);
        break;
      case 'call-over':
        for (const call of this.#calls) if (call.callid === output.callid) call.ended ??= now + call.wallOffset;
        break;
      default:
        break;
    }
  }

  /** The stream of a participant has come to an end, which is a moment after its channel has. */
  recordFigures(callid: string, channelid: string, figures: Figures): void {
    const call = this.#calls.findLast((one) => one.callid === callid);
    const participant = call?.participants.findLast((one) => one.channelid === channelid);
    if (participant === undefined) return;
    participant.figures = figures;
    // The calls that it was in before have a part of the same stream.
    for (const earlier of this.#calls.flatMap(({ participants }) => participants)) {
      if (earlier.channelid === channelid && earlier.movedTo !== undefined) earlier.whole ??= figures;
    }
  }

  /** All that a call's streams gave is delivered, or given up. */
  recordDelivery(callid: string, delivery: Delivery): void {
    // A callid may come back: its first call is the first to be delivered.
    const call = this.#calls.find((one) => one.callid === callid && one.delivery === undefined);
    if (call !== undefined) call.delivery = delivery;
  }

  #obtain(callid: string, now: number, wallOffset: number): CallRecord<Figures, Delivery> {
    const present = this.#calls.findLast((call) => call.callid === callid && call.ended === undefined);
    if (present !== undefined) return present;
    const call: CallRecord<Figures, Delivery> = {
      callid,
      begun: now + wallOffset,
      ended: undefined,
      wallOffset,
      callflows: [],
      participants: [],
      delivery: undefined,
    };
    this.#calls.push(call);
    if (this.#calls.length > CALLS_KEPT) this.#calls.shift();
    return call;
  }

  #flow({ callflows, wallOffset }: CallRecord<Figures, Delivery>, callflow: Callflow, now: number): void {
    keepNewest(callflows, { at: now + wallOffset, callflow }, CALLFLOWS_KEPT);
  }

  #begin(call: CallRecord<Figures, Delivery>, channelId: string, channelid: string, number: string, now: number): void {
    const times = {
      begun: now + call.wallOffset,
      ended: undefined,
      movedTo: undefined,
      figures: undefined,
      whole: undefined,
    };
    const participant: ParticipantRecord<Figures> = { channelid, number, ...times };
    keepNewest(call.participants, participant, PARTICIPANTS_KEPT);
    this.#open.set(channelId, { call, participant });
  }

  #move(channelId: string, callid: string, now: number, wallOffset: number): void {
    const participant = this.#endParticipant(channelId, now);
    if (participant === undefined) return;
    participant.movedTo = callid;
    this.#begin(this.#obtain(callid, now, wallOffset), channelId, participant.channelid, participant.number, now);
  }

  #endParticipant(channelId: string, now: number): ParticipantRecord<Figures> | undefined {
    const open = this.#open.get(channelId);
    if (open === undefined) return undefined;
    this.#open.delete(channelId);
    const { call, participant } = open;
    participant.ended = now + call.wallOffset;
    return participant;
  }
}

function keepNewest<T>(items: T[], item: T, kept: number): void {
  items.push(item);
  if (items.length > kept) items.shift();
}

function isPassing({ begun, participants }: CallRecord<unknown>): boolean {
  return participants.every(({ movedTo, ended = begun }) => movedTo !== undefined && ended - begun < PASSING_MS);
}

function namesIn({ callid, participants }: CallRecord<unknown>): string[] {
  return [callid, ...participants.flatMap(({ number, channelid }) => [number, channelid])];
}
