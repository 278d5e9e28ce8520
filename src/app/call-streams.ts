/** The streams of all calls: one to each callid, begun with its first participant, closed when the last has sent its end. */

import type { Callflow } from '../core/callflow.js';
import type { Log } from '../core/log.js';
import type { ParticipantStreamOptions } from '../core/participant-stream.js';
import type { RelayDestination } from '../io/relay/relay-socket.js';
import { CallStream, type DeliveryCounts } from './call-stream.js';
import { ReceiverHealth } from './receiver-health.js';

/** How a call is streamed; it keeps what it began with. */
export interface StreamingOptions {
  readonly destination: RelayDestination;
  /** Fragments kept for each participant while the receiver is away. */
  readonly capacity: number;
  readonly stream: ParticipantStreamOptions;
}

export interface StreamedCall {
  readonly callid: string;
  readonly stream: CallStream;
  readonly options: StreamingOptions;
  /** Participants whose last message is yet to come. */
  readonly participants: Set<object>;
  callflow: Callflow;
  isOver: boolean;
  /** Also for those who join: what its participants say is not to be heard now. */
  isPaused: boolean;
}

export class CallStreams {
  readonly #log: Log;
  readonly #health: ReceiverHealth;
  readonly #onIdle: () => void;
  readonly #onDelivered: (callid: string, counts: DeliveryCounts) => void;
  /** Those that take participants; one that is over is followed by another of its callid, should that come back. */
  readonly #calls = new Map<string, StreamedCall>();
  #undelivered = 0;

  /** `onIdle` is called whenever the last stream has been delivered or given up. */
  constructor(log: Log, onIdle: () => void, onDelivered: (callid: string, counts: DeliveryCounts) => void) {
    this.#log = log;
    this.#health = new ReceiverHealth(log);
    this.#onIdle = onIdle;
    this.#onDelivered = onDelivered;
  }

  /** Nothing waits to be delivered. */
  get isIdle(): boolean {
    return this.#undelivered === 0;
  }

  find(callid: string): StreamedCall | undefined {
    return this.#calls.get(callid);
  }

  /** The call's stream; begun with these options if there is none. */
  obtain(callid: string, options: StreamingOptions): StreamedCall {
    const present = this.#calls.get(callid);
    if (present !== undefined) return present;

    const { destination, capacity } = options;
    const onOver = (counts: DeliveryCounts) => {
      this.#onDelivered(callid, counts);
      this.#undelivered -= 1;
      if (this.isIdle) this.#onIdle();
    };
    this.#undelivered += 1;
    const stream = new CallStream({ callid, destination, capacity, health: this.#health, log: this.#log, onOver });
    const call: StreamedCall = {
      callid,
      stream,
      options,
      participants: new Set(),
      callflow: '',
      isOver: false,
      isPaused: false,
    };
    this.#calls.set(callid, call);
    return call;
  }

  /** No participant will join any more. */
  end(callid: string): void {
    const call = this.#calls.get(callid);
    if (call === undefined) return;
    this.#calls.delete(callid);
    call.isOver = true;
    finishIfDone(call);
  }

  endAll(): void {
    for (const callid of [...this.#calls.keys()]) this.end(callid);
  }
}

/** The participant has sent its last message to this call's stream. */
export function leaveCall(call: StreamedCall, participant: object): void {
  call.participants.delete(participant);
  finishIfDone(call);
}

function finishIfDone(call: StreamedCall): void {
  if (call.isOver && call.participants.size === 0) call.stream.finish();
}
