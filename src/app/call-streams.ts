/** The streams of all calls: one to each callid, begun with its first participant, closed when the last has sent its end. */

import type { Callflow } from '../core/callflow.js';
import type { Log } from '../core/log.js';
import type { ParticipantStreamOptions } from '../core/participant-stream.js';
import { CONNECTIONS_PER_SECOND, ConnectionPace } from '../core/relay/connection-pace.js';
import type { RelayDestination } from '../io/relay/relay-socket.js';
import { CallStream, type DeliveryCounts, type ReceiverWatcher } from './call-stream.js';
import type { MediaTally } from './media/media-tally.js';

/** What fragments are like. */
export type StreamForm = Pick<ParticipantStreamOptions, 'sampleRate' | 'fragmentSamples'>;

/** How a call is streamed, as plain data; it keeps what it began with. */
export interface StreamingOptions {
  readonly destination: RelayDestination;
  /** Fragments kept for each participant while the receiver is away. */
  readonly capacity: number;
  readonly stream: StreamForm;
}

export interface StreamedCall {
  readonly callid: string;
  /** Or, where that is in another plane, the way to it. */
  readonly stream: Pick<CallStream, 'send' | 'finish' | 'waitingOf' | 'reconnects'>;
  readonly form: StreamForm;
  /** Participants whose last message is yet to come. */
  readonly participants: Set<object>;
  callflow: Callflow;
  isOver: boolean;
  /** Also for those who join: what its participants say is not to be heard now. */
  isPaused: boolean;
}

/** What all streams share. */
export interface CallStreamsContext {
  readonly health: ReceiverWatcher;
  readonly tally: MediaTally;
  readonly log: Log;
  /** A call's stream has been delivered or given up. */
  readonly onDelivered: (callid: string, counts: DeliveryCounts) => void;
  /** In how many places calls are streamed. */
  readonly planes: number;
}

export class CallStreams {
  readonly #context: CallStreamsContext;
  /** Those that take participants; one that is over is followed by another of its callid, should that come back. */
  readonly #calls = new Map<string, StreamedCall>();
  /** By address: settings that are saved again are no reason to dial a receiver more often. */
  readonly #paces = new Map<string, ConnectionPace>();
  readonly #undelivered = new Set<CallStream>();

  constructor(context: CallStreamsContext) {
    this.#context = context;
  }

  find(callid: string): StreamedCall | undefined {
    return this.#calls.get(callid);
  }

  /** The call's stream; begun with these options if there is none. */
  obtain(callid: string, options: StreamingOptions): StreamedCall {
    const present = this.#calls.get(callid);
    if (present !== undefined) return present;

    const { destination, capacity, stream: form } = options;
    const { health, tally, log, onDelivered } = this.#context;
    const onOver = (counts: DeliveryCounts) => {
      this.#undelivered.delete(stream);
      onDelivered(callid, counts);
    };
    const stream = new CallStream({
      callid,
      destination,
      capacity,
      pace: this.#paceOf(destination.url),
      health,
      tally,
      log,
      onOver,
    });
    this.#undelivered.add(stream);
    return this.add({
      callid,
      stream,
      form,
      participants: new Set(),
      callflow: '',
      isOver: false,
      isPaused: false,
    });
  }

  /** A call that is streamed elsewhere, or was just begun. */
  add(call: StreamedCall): StreamedCall {
    this.#calls.set(call.callid, call);
    return call;
  }

  /** Certificates and keys were read again: a stream that connects anew has these, so that renewing them cuts nothing. */
  useTrust(destination: RelayDestination): void {
    for (const stream of this.#undelivered) stream.useTrust(destination);
  }

  /** No participant will join any more. */
  end(callid: string): void {
    const call = this.#calls.get(callid);
    if (call === undefined) return;
    this.#calls.delete(callid);
    call.isOver = true;
    finishIfDone(call);
  }

  /** Nothing is delivered from now on; what waits is lost, and told. */
  giveUp(): void {
    for (const stream of [...this.#undelivered]) stream.giveUp();
  }

  #paceOf(url: string): ConnectionPace {
    // All planes together dial it as often as one would.
    const pace = this.#paces.get(url) ?? new ConnectionPace(Math.floor(CONNECTIONS_PER_SECOND / this.#context.planes));
    this.#paces.set(url, pace);
    return pace;
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
