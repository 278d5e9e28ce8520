/** ARI's event stream over one WebSocket: opens, reads, notices when Asterisk has gone silent, and ends once. */

import { WebSocket } from 'ws';
import { tlsOptions } from '../tls-client.js';
import { type AriEvent, readEvent } from './ari-events.js';
import {
  type AriServer,
  ariBase,
  basicAuthorization,
  connectionError,
  REQUEST_LIMIT_MS,
  statusError,
  timeoutError,
} from './ari-http.js';

export interface AriSocketListener {
  readonly onEvent: (event: AriEvent) => void;
  /** A frame that is no event at all; it is skipped. */
  readonly onMalformed: (text: string) => void;
  /** The stream ended, by whatever cause; called once, and nothing is called after it. */
  readonly onEnd: (why: string) => void;
}

/**
 * Asterisk says "websocket closed" of a reader that took nothing for websocket_write_timeout, and means that it sends no event
 * any more: the connection stays (22.10). Only an unanswered ping tells us.
 */
const PING_EVERY_MS = 5000;
/** An Asterisk that hangs for five seconds has lost no event. */
const UNANSWERED_PINGS = 2;
/** Events are a few KiB, of which Asterisk's names and variables are the most. What is larger breaks the connection. */
const MAX_EVENT_OCTETS = 1024 * 1024;

/** An open event stream. Ended by `close`, by Asterisk, or by its silence. */
export interface AriSocket {
  close(): void;
}

/**
 * Connects under the application's name and sees the events of all channels.
 * Rejects with a StreamError in plain words when that fails.
 */
export async function openAriSocket(
  server: AriServer,
  application: string,
  listener: AriSocketListener,
): Promise<AriSocket> {
  const url = new URL('events', ariBase(server.url));
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('app', application);
  url.searchParams.set('subscribeAll', 'true');
  const socket = new WebSocket(url, {
    headers: { authorization: basicAuthorization(server) },
    handshakeTimeout: REQUEST_LIMIT_MS,
    perMessageDeflate: false,
    maxPayload: MAX_EVENT_OCTETS,
    ...tlsOptions(server),
  });

  // The listeners are in place before the connection is: Asterisk sends its first event along with the upgrade.
  const stream = new OpenStream(socket, listener);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      socket.terminate();
      reject(statusError(response.statusCode ?? 0, '', 'the event WebSocket', server));
    });
    socket.once('error', (error) =>
      // `ws` reports its time limit by message only.
      reject(
        /handshake has timed out/.test(error.message) ? timeoutError(server, error) : connectionError(error, server),
      ),
    );
  });
  stream.begin();
  return stream;
}

class OpenStream implements AriSocket {
  readonly #socket: WebSocket;
  readonly #listener: AriSocketListener;
  #pinging: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #begun = false;
  #ended = false;

  constructor(socket: WebSocket, listener: AriSocketListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('message', (data) => this.#onText(data.toString()));
    socket.on('pong', () => {
      this.#unanswered = 0;
    });
    socket.on('close', (code, reason) =>
      this.#end(`Asterisk closed the connection (${code}${reason.length > 0 ? ` ${reason}` : ''})`),
    );
    // What failed is told by the rejected connect, or by the close that follows.
    socket.on('error', () => {});
  }

  begin(): void {
    this.#begun = true;
    this.#pinging = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  close(): void {
    this.#end('closed by us');
    this.#socket.close(1000);
  }

  #ping(): void {
    if (this.#unanswered >= UNANSWERED_PINGS) {
      this.#end(`no answer to a ping within ${(UNANSWERED_PINGS * PING_EVERY_MS) / 1000} s`);
      this.#socket.terminate();
      return;
    }
    this.#unanswered += 1;
    this.#socket.ping();
  }

  #onText(text: string): void {
    if (this.#ended) return;
    const event = readEvent(text);
    if (event === 'malformed') this.#listener.onMalformed(text);
    else if (event !== undefined) this.#listener.onEvent(event);
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#pinging);
    if (this.#begun) this.#listener.onEnd(why);
  }
}
