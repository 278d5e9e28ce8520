/**
 * Which participants make up which call.
 *
 * A call is all channels of one linkedid. Calls become one when their channels meet in a bridge (a conference, an attended
 * transfer that a phone makes by itself), or when a channel's linkedid turns into another call's. Holding bridges hold
 * strangers, and join nothing.
 */

import type { Participant } from './participant.js';

export interface Call {
  /** The linkedid of its first channel. */
  readonly id: string;
  readonly participants: Set<Participant>;
  /** The callid under which it is streamed; kept until its end, also when it becomes one with another call. */
  streamid: string | undefined;
  /** What an administrator wants of this call, whatever is subscribed; holds to its end, also when it takes up another. */
  order: 'stream' | 'leave' | undefined;
}

/** One call has taken up another: its participants are the first one's now. */
export interface Merger {
  readonly into: Call;
  readonly from: Call;
  readonly moved: readonly Participant[];
}

export class Calls {
  readonly #byLinkedid = new Map<string, Call>();
  readonly #ofParticipant = new Map<Participant, Call>();
  readonly #bridges = new Map<string, Set<Participant>>();

  of(participant: Participant): Call | undefined {
    return this.#ofParticipant.get(participant);
  }

  all(): Call[] {
    return [...new Set(this.#ofParticipant.values())];
  }

  /** The participant belongs to the call of this linkedid; that may make two calls one. */
  assign(participant: Participant, linkedid: string): Merger | undefined {
    const present = this.#ofParticipant.get(participant);
    const named = this.#byLinkedid.get(linkedid);
    if (present === undefined) {
      this.#add(participant, named ?? this.#begin(linkedid));
      return undefined;
    }
    if (named !== undefined) return this.#merge(present, named);
    this.#byLinkedid.set(linkedid, present);
    return undefined;
  }

  /** The participant has entered a bridge in which parties hear one another. */
  enterBridge(participant: Participant, bridgeId: string): Merger | undefined {
    const inside = this.#bridges.get(bridgeId) ?? new Set();
    this.#bridges.set(bridgeId, inside);
    const [other] = [...inside].filter((one) => one !== participant);
    inside.add(participant);
    const [mine, theirs] = [this.of(participant), other === undefined ? undefined : this.of(other)];
    return mine === undefined || theirs === undefined ? undefined : this.#merge(mine, theirs);
  }

  leaveBridge(participant: Participant, bridgeId: string): void {
    const inside = this.#bridges.get(bridgeId);
    if (inside?.delete(participant) && inside.size === 0) this.#bridges.delete(bridgeId);
  }

  /** Removes a participant that has gone; returns its call, which may be empty now and is forgotten then. */
  remove(participant: Participant): Call | undefined {
    for (const bridgeId of this.#bridges.keys()) this.leaveBridge(participant, bridgeId);
    const call = this.#ofParticipant.get(participant);
    if (call === undefined) return undefined;
    this.#ofParticipant.delete(participant);
    call.participants.delete(participant);
    if (call.participants.size === 0) this.#rename(call, undefined);
    return call;
  }

  #begin(linkedid: string): Call {
    const call: Call = { id: linkedid, participants: new Set(), streamid: undefined, order: undefined };
    this.#byLinkedid.set(linkedid, call);
    return call;
  }

  #add(participant: Participant, call: Call): void {
    call.participants.add(participant);
    this.#ofParticipant.set(participant, call);
  }

  #merge(one: Call, other: Call): Merger | undefined {
    if (one === other) return undefined;
    const [into, from] = isOlder(one, other) ? [one, other] : [other, one];
    const moved = [...from.participants];
    for (const participant of moved) this.#add(participant, into);
    from.participants.clear();
    into.order ??= from.order;
    this.#rename(from, into);
    return { into, from, moved };
  }

  #rename(call: Call, successor: Call | undefined): void {
    for (const [linkedid, named] of this.#byLinkedid) {
      if (named !== call) continue;
      if (successor === undefined) this.#byLinkedid.delete(linkedid);
      else this.#byLinkedid.set(linkedid, successor);
    }
  }
}

/** A uniqueid is the time in seconds and a serial number, after the system's name if it has one: `pbx-1755940023.7`. */
function isOlder(one: Call, other: Call): boolean {
  const [time, serial] = bornAt(one.id);
  const [otherTime, otherSerial] = bornAt(other.id);
  return time === otherTime ? serial <= otherSerial : time < otherTime;
}

function bornAt(uniqueid: string): [number, number] {
  const [, time, serial] = /(\d+)\.(\d+)$/.exec(uniqueid) ?? [];
  return [Number(time ?? 0), Number(serial ?? 0)];
}
