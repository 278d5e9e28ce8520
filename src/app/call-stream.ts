/** One call's stream to the receiver: the relay session on a real connection. */

import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { ConnectionPace } from '../core/relay/connection-pace.js';
import type { OutboxCounts, OutgoingMessage } from '../core/relay/outbox.js';
import {
  type AbortReason,
  type RelayEndReason,
  type RelayInput,
  type RelayOutput,
  RelaySession,
} from '../core/relay/relay-session.js';
import { type RelayDestination, RelaySocket } from '../io/relay/relay-socket.js';
import { DrivenCore } from './drive.js';
import type { MediaTally } from './media/media-tally.js';

/** Is told of each connection to the receiver, and why one ended or did not come about. */
export interface ReceiverWatcher {
  connected(shownAs: string, callid: string): void;
  failed(problem: StreamError, callid: string): void;
}

export interface CallStreamOptions {
  readonly callid: string;
  readonly destination: RelayDestination;
  /** Fragments kept for each participant while the receiver is away. */
  readonly capacity: number;
  /** Of all calls to this destination. */
  readonly pace: ConnectionPace;
  readonly health: ReceiverWatcher;
  readonly tally: MediaTally;
  readonly log: Log;
  /** All is delivered, or given up. */
  readonly onOver: (counts: DeliveryCounts) => void;
}

/** What became of what was sent, in fragments, and how often the connection came back. */
export interface DeliveryCounts extends OutboxCounts {
  readonly reconnects: number;
}

const WORDS: Readonly<Record<Exclude<AbortReason, 'stopped'>, string>> = {
  'connect-timeout': 'did not complete the WebSocket handshake in time',
  silent: 'left a ping unanswered: it reads nothing any more',
  'close-timeout': 'did not answer our Close frame in time',
  'gave-up': 'stayed away too long after the end of the call',
};

const LOSSES = {
  away: 'the receiver was away or slow for longer than the buffer',
  stopped: 'the program ended before the receiver had taken everything',
} as const;

export class CallStream extends DrivenCore<RelayInput, RelayOutput, RelaySession> {
  readonly #options: CallStreamOptions;
  #socket: RelaySocket | undefined;
  #destination: RelayDestination;
  #textsHeard = 0;

  constructor(options: CallStreamOptions) {
    const { capacity, pace, tally } = options;
    super(new RelaySession({ capacity, dice: Math.random, pace, deliveries: tally.deliveries }));
    this.#options = options;
    this.#destination = options.destination;
    tally.sessions.add(this.core);
  }

  /** For connections from now on: whom to trust and whom to be, if this is where the stream goes. */
  useTrust({ url, ca, insecure, identity }: RelayDestination): void {
    if (url === this.#destination.url) this.#destination = { ...this.#destination, ca, insecure, identity };
  }

  get reconnects(): number {
    return this.core.reconnects;
  }

  /** Fragments of one participant that the receiver has not confirmed. */
  waitingOf(channelid: string): number {
    return this.core.outbox.waitingOf(channelid);
  }

  send(message: OutgoingMessage): void {
    this.feed({ kind: 'message', message });
  }

  /** The call is over: what is left is delivered, then the connection closed in order. */
  finish(): void {
    this.feed({ kind: 'finish' });
  }

  /** The program ends: what the receiver has not got by now is lost, and told. */
  giveUp(): void {
    this.feed({ kind: 'give-up' });
  }

  protected override carryOut(output: RelayOutput): void {
    switch (output.kind) {
      case 'connect':
        this.#socket = this.#connect();
        return;
      case 'send':
        this.#socket?.send(output.message);
        return;
      case 'ping':
        this.#socket?.ping(output.serial);
        return;
      case 'close':
        this.#socket?.close();
        return;
      case 'abort':
        this.#abort(output.why);
        return;
      case 'over':
        this.#onOver(output.why);
        return;
    }
  }

  #connect(): RelaySocket {
    const { health, callid } = this.#options;
    const destination = this.#destination;
    return new RelaySocket(destination, {
      onOpen: () => {
        health.connected(destination.shownAs, callid);
        this.feed({ kind: 'opened' });
      },
      onFlushed: (count) => this.feed({ kind: 'flushed', count }),
      onPong: (serial) => this.feed({ kind: 'pong', serial }),
      onText: (octets) => this.#onText(octets),
      onClosed: ({ orderly, problem }) => {
        if (problem !== undefined) health.failed(problem, callid);
        this.feed({ kind: 'closed', orderly });
      },
    });
  }

  #abort(why: AbortReason): void {
    const { destination, health, callid } = this.#options;
    // That we stop is no failure of the receiver's.
    if (why !== 'stopped') {
      health.failed(new StreamError('RECEIVER_TIMEOUT', 'receiver', `${destination.shownAs} ${WORDS[why]}`), callid);
    }
    this.#socket?.abort();
    this.#socket = undefined;
  }

  #onText(octets: number): void {
    this.#textsHeard += 1;
    this.#options.log.debug('the receiver sent a message, which the protocol gives no meaning: ignored', {
      callid: this.#options.callid,
      octets,
    });
  }

  #onOver(why: RelayEndReason): void {
    const { callid, log, tally, onOver } = this.#options;
    tally.sessions.delete(this.core);
    const { dropped, unconfirmed, resent } = this.core.outbox.counts;
    const counts = { reconnects: this.core.reconnects, resent, dropped, unconfirmed };
    const figures = { callid, ...counts, ignored: this.#textsHeard };
    if (why === 'delivered' && dropped + unconfirmed === 0) log.info('call streamed', figures);
    else log.warn(`call streamed with losses: ${LOSSES[why === 'stopped' ? why : 'away']}`, figures);
    onOver(counts);
  }
}
