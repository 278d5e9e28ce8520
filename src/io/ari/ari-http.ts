/**
 * ARI requests over HTTP: login, a time limit for each, the status before the body, and plain words for what went wrong.
 * https://docs.asterisk.org/Latest_API/API_Documentation/Asterisk_REST_Interface/
 */

import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request as requestOverHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestOverHttps } from 'node:https';
import { StreamError } from '../../core/errors.js';
import { machineShortage } from '../machine-shortage.js';
import { detailOf, type NetworkProblem, networkProblemOf } from '../network-problem.js';
import { certificateExpires, clockAheadMs } from '../peer-facts.js';
import { type TlsTrust, tlsOptions } from '../tls-client.js';

/** Where ARI is and how to log in. */
export interface AriServer extends TlsTrust {
  /** Asterisk's HTTP server, such as `http://127.0.0.1:8088`; a `prefix` of http.conf is part of it. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/ari/`, segments escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asterisk answered, and said no. */
export class AriRefusal extends StreamError {
  readonly status: number;

  constructor(status: number, detail: string) {
    super('ARI_REQUEST_FAILED', 'asterisk', detail);
    this.status = status;
  }
}

/** What an answer tells besides its content. */
export interface AnswerFacts {
  /** How far the clock of Asterisk is ahead of ours, by the Date header; nothing when there is none. */
  readonly clockAheadMs: number | undefined;
  /** When Asterisk's certificate expires, in milliseconds since 1970; nothing over plain HTTP. */
  readonly certificateExpires: number | undefined;
  /** Our address on the way to Asterisk. */
  readonly ownAddress: string | undefined;
}

export const REQUEST_LIMIT_MS = 5000;
/** Shorter than http.conf's session_keep_alive of 15 s, so that we and not Asterisk close a connection that idles. */
const IDLE_LIMIT_MS = 10_000;
/** The largest list of channels that we would believe. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export class AriHttp {
  readonly #server: AriServer;
  readonly #base: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #authorization: string;
  #lastAnswer: AnswerFacts | undefined;

  constructor(server: AriServer) {
    this.#server = server;
    this.#base = ariBase(server.url);
    this.#authorization = basicAuthorization(server);
    const options = { keepAlive: true, maxSockets: 16, scheduling: 'lifo' as const, timeout: IDLE_LIMIT_MS };
    this.#agent =
      this.#base.protocol === 'https:' ? new HttpsAgent({ ...options, ...tlsOptions(server) }) : new HttpAgent(options);
  }

  /** Of the newest answer; nothing before the first one. */
  get lastAnswer(): AnswerFacts | undefined {
    return this.#lastAnswer;
  }

  /** Resolves with the answer's JSON, or undefined where Asterisk answers without a body. */
  async request(request: AriRequest): Promise<unknown> {
    const url = new URL(request.path, this.#base);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const { status, text } = await this.#exchange(url, request.method, body);
    const what = `${request.method} /${request.path}`;
    if (status >= 200 && status < 300) return text === '' ? undefined : parse(text, what);
    throw statusError(status, text, what, this.#server);
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(url: URL, method: string, body: string | undefined): Promise<{ status: number; text: string }> {
    const send = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
    const options: RequestOptions = {
      method,
      agent: this.#agent,
      headers: {
        authorization: this.#authorization,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        clearTimeout(limit);
        reject(connectionError(error, this.#server));
      };
      let isAnswered = false;
      const outgoing = send(url, options, (answer) => {
        isAnswered = true;
        this.#lastAnswer = factsOf(answer);
        readWhole(answer, fail, (text) => {
          clearTimeout(limit);
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      // It bounds the whole exchange; a socket's own time-out would begin anew with every byte. An AbortSignal would cost as
      // much as all the rest of a request.
      const limit = setTimeout(() => {
        reject(timeoutError(this.#server, undefined));
        outgoing.destroy();
      }, REQUEST_LIMIT_MS).unref();
      outgoing.on('error', fail);
      // After a 101 that nobody asked for Node closes the connection and says nothing more, not even when the time is over.
      outgoing.on('close', () => {
        if (!isAnswered) fail(new Error('it closed the connection without an answer'));
      });
      outgoing.end(body);
    });
  }
}

export function basicAuthorization({ username, password }: AriServer): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** `…/ari/` below the HTTP server's address, whatever prefix that has. */
export function ariBase(url: string): URL {
  return new URL('ari/', url.endsWith('/') ? url : `${url}/`);
}

/** Words for a connection that failed before Asterisk could answer. */
export function connectionError(error: unknown, server: AriServer): StreamError {
  if (error instanceof StreamError) return error;
  const shortage = machineShortage(error, server.url);
  if (shortage !== undefined) return shortage;
  const problem = networkProblemOf(error);
  return new StreamError(CODE_OF_PROBLEM[problem], 'asterisk', `${server.url}: ${detailOf(error)}`, error);
}

/** Words for an answer that did not come. */
export function timeoutError(server: AriServer, cause: unknown): StreamError {
  const detail = `${server.url} gave no answer within ${REQUEST_LIMIT_MS / 1000} s`;
  return new StreamError('ARI_TIMEOUT', 'asterisk', detail, cause);
}

/** Words for an answer that is an error, wherever ARI sends it. */
export function statusError(status: number, text: string, what: string, server: AriServer): StreamError {
  if (status === 401) {
    return new StreamError('ARI_WRONG_PASSWORD', 'settings', `user "${server.username}" at ${server.url}`);
  }
  if (status === 403) {
    return new StreamError('ARI_FORBIDDEN', 'asterisk', `${what} for user "${server.username}" at ${server.url}`);
  }
  return new AriRefusal(status, `${what} answered ${status} ${messageIn(text)}`.trimEnd());
}

const CODE_OF_PROBLEM = {
  refused: 'ARI_REFUSED',
  'no-such-host': 'ARI_UNREACHABLE',
  unreachable: 'ARI_UNREACHABLE',
  timeout: 'ARI_TIMEOUT',
  certificate: 'ARI_TLS',
  'certificate-expired': 'ARI_TLS',
  'certificate-name': 'ARI_TLS',
  'certificate-wanted': 'ARI_TLS',
  tls: 'ARI_TLS',
  'tls-version': 'ARI_TLS',
  reset: 'ARI_CONNECTION_LOST',
  'not-http': 'ARI_NOT_ARI',
  other: 'ARI_CONNECTION_LOST',
} as const satisfies Record<NetworkProblem, string>;

function factsOf({ headers, socket }: IncomingMessage): AnswerFacts {
  return {
    clockAheadMs: clockAheadMs(headers.date),
    certificateExpires: certificateExpires(socket),
    ownAddress: socket.localAddress,
  };
}

function readWhole(answer: IncomingMessage, fail: (error: unknown) => void, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  answer.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) answer.destroy(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
    else chunks.push(chunk);
  });
  answer.on('error', fail);
  answer.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StreamError('ARI_NOT_ARI', 'asterisk', `${what} answered something that is not JSON`, cause);
  }
}

/** ARI's errors are `{"message":"…"}`; other servers answer with pages, of which the status says enough. */
function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}
