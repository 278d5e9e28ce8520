/**
 * One WebSocket to the receiver: opens with the secret among the upgrade's headers, writes messages and pings, and says
 * once, in words, how it ended. What the receiver sends is read, counted and ignored.
 */

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { StreamError } from '../../core/errors.js';
import type { OutgoingMessage } from '../../core/relay/outbox.js';
import { CONNECT_LIMIT_MS } from '../../core/relay/relay-session.js';
import { machineShortage } from '../machine-shortage.js';
import { detailOf, type NetworkProblem, networkProblemOf } from '../network-problem.js';
import { certificateExpires, clockAheadMs } from '../peer-facts.js';
import { secureContextOf, type TlsTrust, tlsOptions } from '../tls-client.js';
import { ClientFrames } from './client-frames.js';
import { sharedLookup } from './shared-lookup.js';
import { writeAtEndOfTurn } from './turn-writes.js';

export interface RelayDestination extends TlsTrust {
  /** `ws://…` or `wss://…`. */
  readonly url: string;
  /** The address as messages and logs may show it: some platforms put a key behind the question mark. */
  readonly shownAs: string;
  /** Sent as a header of the upgrade request. */
  readonly secret: { readonly name: string; readonly value: string } | undefined;
}

export interface RelaySocketListener {
  readonly onOpen: () => void;
  /** What the receiver's answer to the upgrade tells besides its consent; comes before `onOpen`. */
  readonly onUpgrade?: (facts: UpgradeFacts) => void;
  /** The operating system took so many messages and pings more. */
  readonly onFlushed: (count: number) => void;
  readonly onPong: (serial: number) => void;
  /** A message of the receiver, which the protocol gives no meaning. */
  readonly onText: (octets: number) => void;
  /** The connection has ended or never came about; called once, and nothing is called after it. */
  readonly onClosed: (end: RelayEnd) => void;
}

export interface UpgradeFacts {
  /** How far the receiver's clock is ahead of ours, by the Date header; few servers send it here. */
  readonly clockAheadMs: number | undefined;
  /** When its certificate expires, in milliseconds since 1970; nothing without TLS. */
  readonly certificateExpires: number | undefined;
}

export interface RelayEnd {
  /** Our Close frame was answered by the receiver's. */
  readonly orderly: boolean;
  /** Why, for the log; undefined after an orderly end. */
  readonly problem: StreamError | undefined;
}

/** Nothing that a receiver may say needs more. */
const MAX_MESSAGE_OCTETS = 1024 * 1024;
/** Close codes of an answer to our Close: our own 1000 back, or a Close frame without a code. */
const CLOSE_ANSWERS: readonly number[] = [1000, 1005];
/** Its turn comes when all that was written before it is taken. */
const NOTHING = new Uint8Array();
const lookup = sharedLookup();
/** Of all connections: each write leaves it empty. */
const frames = new ClientFrames();

export class RelaySocket {
  readonly #socket: WebSocket;
  /** The connection beneath it, once there is one; with TLS a TLSSocket. */
  #wire: Socket | undefined;
  /** Messages, and serial numbers of pings, for the next write. */
  readonly #unwritten: (OutgoingMessage | number)[] = [];
  readonly #listener: RelaySocketListener;
  readonly #shownAs: string;
  #isClosing = false;
  #ended = false;
  #failure: StreamError | undefined;
  #isAnswering = false;
  #newestPing: Buffer | undefined;

  constructor(destination: RelayDestination, listener: RelaySocketListener) {
    const { url, shownAs, secret } = destination;
    this.#listener = listener;
    this.#shownAs = shownAs;
    this.#socket = new WebSocket(url, {
      headers: secret === undefined ? {} : { [secret.name]: secret.value },
      handshakeTimeout: CONNECT_LIMIT_MS,
      lookup,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_OCTETS,
      // `ws` would drop a connection with many pings at once; see #answer.
      autoPong: false,
      ...tlsOptions(destination),
      ...(url.startsWith('wss:') ? { secureContext: secureContextOf(destination) } : {}),
    });
    this.#socket.on('upgrade', ({ headers, socket }) => {
      this.#wire = socket;
      listener.onUpgrade?.({
        clockAheadMs: clockAheadMs(headers.date),
        certificateExpires: certificateExpires(socket),
      });
    });
    this.#socket.on('open', () => {
      if (!this.#ended) listener.onOpen();
    });
    this.#socket.on('ping', (payload) => this.#answer(payload));
    this.#socket.on('pong', (payload) => this.#onPong(payload));
    this.#socket.on('message', (data) => {
      if (!this.#ended) listener.onText(octetsIn(data));
    });
    this.#socket.on('unexpected-response', (_request, response) => {
      this.#failure = rejection(shownAs, response.statusCode ?? 0);
      this.#socket.terminate();
    });
    this.#socket.on('error', (error) => {
      this.#failure ??= connectProblem(shownAs, error);
    });
    this.#socket.on('close', (code, reason) => this.#onClose(code, reason.toString()));
  }

  /** Goes out at the end of this turn of the event loop. */
  send(message: OutgoingMessage): void {
    this.#write(message);
  }

  /** As a message. */
  ping(serial: number): void {
    this.#write(serial);
  }

  /** Hands all that is to be sent to the operating system, with a single call: as frames between those of `ws`. */
  flush(): void {
    const count = this.#unwritten.length;
    if (count === 0) return;
    const wire = this.#wire;
    if (wire === undefined || this.#socket.readyState !== WebSocket.OPEN) {
      // What a broken connection leaves behind is sent on the next one.
      this.#unwritten.length = 0;
      return;
    }
    for (let one = this.#unwritten.shift(); one !== undefined; one = this.#unwritten.shift()) {
      if (typeof one === 'number') frames.addPing(String(one));
      else frames.addMessage(one);
    }
    this.#handOver(wire, frames.take(), count);
  }

  /** Sends a Close frame with code 1000; `onClosed` follows with the receiver's answer. */
  close(): void {
    // With one write, too: a receiver that hears of the end hears of the Close.
    this.#wire?.cork();
    this.flush();
    // To a Close that came before ours nothing is an answer, and nothing was written any more.
    this.#isClosing = this.#socket.readyState === WebSocket.OPEN;
    this.#socket.close(1000);
    this.#wire?.uncork();
  }

  /** Drops the connection at once and says nothing more. */
  abort(): void {
    this.#ended = true;
    this.#socket.terminate();
  }

  #write(one: OutgoingMessage | number): void {
    if (this.#unwritten.push(one) === 1) writeAtEndOfTurn(this);
  }

  #handOver(wire: Socket, octets: Buffer, count: number): void {
    if (wire.writableLength > 0) {
      this.#writeAndWait(wire, Buffer.from(octets), count);
      return;
    }
    if (wire instanceof TLSSocket) {
      // It always says later that it has taken something.
      frames.leave();
      this.#writeAndWait(wire, octets, count, () => frames.giveBack(octets));
      return;
    }
    wire.write(octets);
    // After a failure nothing waits either.
    if (wire.writableLength === 0 && wire.writable) {
      this.#tellTaken(count);
      return;
    }
    // The operating system has not taken all of it yet, and reads the rest from where it stands.
    frames.leave();
    this.#writeAndWait(wire, NOTHING, count);
  }

  #writeAndWait(wire: Socket, octets: Uint8Array, count: number, onTaken?: () => void): void {
    wire.write(octets, (error) => {
      if (error) return;
      onTaken?.();
      this.#tellTaken(count);
    });
  }

  #tellTaken(count: number): void {
    if (!this.#ended) this.#listener.onFlushed(count);
  }

  /** One pong at a time is under way; of the pings that come meanwhile only the newest is answered (RFC 6455, 5.5.3). */
  #answer(ping: Buffer): void {
    if (this.#ended || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#newestPing = ping;
    if (this.#isAnswering) return;
    this.#isAnswering = true;
    this.#newestPing = undefined;
    this.#socket.pong(ping, undefined, () => {
      this.#isAnswering = false;
      if (this.#newestPing !== undefined) this.#answer(this.#newestPing);
    });
  }

  #onPong(payload: Buffer): void {
    // A receiver that makes pongs up is not to confirm what still has to be read from its memory.
    this.flush();
    if (!this.#ended) this.#listener.onPong(Number(payload.toString('latin1')));
  }

  #onClose(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    // With another code it is a Close that crossed ours, and says nothing about what was read.
    const orderly = this.#isClosing && CLOSE_ANSWERS.includes(code);
    const words = `${this.#shownAs} closed the connection (${code}${reason === '' ? '' : ` ${reason}`})`;
    const problem = orderly
      ? undefined
      : (this.#failure ?? new StreamError('RECEIVER_CONNECTION_LOST', 'receiver', words));
    this.#listener.onClosed({ orderly, problem });
  }
}

function octetsIn(data: Buffer | ArrayBuffer | Buffer[]): number {
  return Array.isArray(data) ? data.reduce((sum, { byteLength }) => sum + byteLength, 0) : data.byteLength;
}

const CODE_OF_PROBLEM = {
  refused: 'RECEIVER_REFUSED',
  'no-such-host': 'RECEIVER_UNREACHABLE',
  unreachable: 'RECEIVER_UNREACHABLE',
  timeout: 'RECEIVER_TIMEOUT',
  certificate: 'RECEIVER_CERTIFICATE',
  'certificate-expired': 'RECEIVER_CERTIFICATE_EXPIRED',
  'certificate-name': 'RECEIVER_CERTIFICATE_NAME',
  'certificate-wanted': 'RECEIVER_WANTS_CERTIFICATE',
  tls: 'RECEIVER_TLS',
  'tls-version': 'RECEIVER_TLS_VERSION',
  reset: 'RECEIVER_CONNECTION_LOST',
  'not-http': 'RECEIVER_REJECTED',
  other: 'RECEIVER_CONNECTION_LOST',
} as const satisfies Record<NetworkProblem, string>;

function connectProblem(address: string, error: Error): StreamError {
  const shortage = machineShortage(error, address);
  if (shortage !== undefined) return shortage;
  const problem = /handshake has timed out/.test(error.message) ? 'timeout' : networkProblemOf(error);
  return new StreamError(CODE_OF_PROBLEM[problem], 'receiver', `${address}: ${detailOf(error)}`, error);
}

function rejection(address: string, status: number): StreamError {
  const isSecret = status === 401 || status === 403;
  const code = isSecret ? 'RECEIVER_WRONG_SECRET' : 'RECEIVER_REJECTED';
  return new StreamError(code, 'receiver', `${address} answered the upgrade with HTTP status ${status}`);
}
