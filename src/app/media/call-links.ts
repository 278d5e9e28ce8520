/**
 * Calls whose participants are in several media planes. The call's stream is in one of them; the others forward to it what
 * their participants give, and the call is not done before each of them has said that nothing follows.
 */

import { type CallStreams, leaveCall, type StreamedCall } from '../call-streams.js';
import type { RelayReading } from './media-news.js';
import type { Forward, PlaneOrder } from './media-orders.js';

/** To the call, all participants of another plane are one that comes and leaves. */
interface Guest {
  readonly call: StreamedCall;
}

export class CallLinks {
  readonly #streams: CallStreams;
  readonly #tell: (forward: Forward) => void;
  readonly #guests = new Map<number, Guest>();

  constructor(streams: CallStreams, tell: (forward: Forward) => void) {
    this.#streams = streams;
    this.#tell = tell;
  }

  /** What participants here give to the call is told, since its stream is elsewhere. */
  reach({ link, callid, form, callflow, isPaused }: Extract<PlaneOrder, { readonly kind: 'reach' }>): void {
    this.#streams.add({
      callid,
      form,
      callflow,
      isPaused,
      isOver: false,
      participants: new Set(),
      stream: {
        send: (message) => this.#tell({ kind: 'forward', link, message }),
        finish: () => this.#tell({ kind: 'forward', link, message: undefined }),
        // Whoever wants these asks where the stream is.
        waitingOf: () => 0,
        reconnects: 0,
      },
    });
  }

  /** The call is not done before nothing follows on this link. */
  admit(link: number, call: StreamedCall): void {
    const guest = { call };
    call.participants.add(guest);
    this.#guests.set(link, guest);
  }

  forward({ link, message }: Forward): void {
    const guest = this.#guests.get(link);
    if (guest === undefined) return;
    if (message !== undefined) {
      guest.call.stream.send(message);
      return;
    }
    this.#guests.delete(link);
    leaveCall(guest.call, guest);
  }

  reading(callid: string, channelid: string): RelayReading {
    const stream = this.#streams.find(callid)?.stream;
    return { waiting: stream?.waitingOf(channelid) ?? 0, reconnects: stream?.reconnects ?? 0 };
  }
}
