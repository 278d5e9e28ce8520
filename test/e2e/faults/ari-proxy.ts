/**
 * A proxy between the add-on and the real Asterisk: passes requests and the event WebSocket through, and answers, holds or
 * drops those that a test chooses. A real Asterisk can't be made to refuse one request at will, or to stop between two.
 */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { AriLogin } from '../../../lab/ari-http.js';
import { deferred } from '../../../lab/deferred.js';
import { until } from '../../../lab/until.js';
import { PIECES } from '../../../src/core/call/resource-id.js';
import { kindOf } from '../../../src/io/ari/timed-transport.js';

/** What the add-on asks for in the life of a tap. */
export const MAKING = ['snoop', 'external-media', 'create-bridge', 'add-to-bridge', 'source'] as const;
export const REMOVING = ['hang-up snoop', 'hang-up media', 'destroy-bridge'] as const;
export type Step = (typeof MAKING)[number] | (typeof REMOVING)[number];

/** A request of the add-on as it passes by. */
export interface Passing {
  readonly what: Step | 'format' | 'other';
  /** The number of the tap that it is about; nothing where it is about none. */
  readonly tap: number | undefined;
  /** The id of the channel that this tap listens to. */
  readonly channel: string | undefined;
}

/** What becomes of a request instead of passing through. `carriedOut`: Asterisk does it, and only the answer is other. */
export interface Fault {
  readonly answer: number | 'reset' | 'none';
  readonly carriedOut?: boolean;
}

interface Rule {
  readonly isFor: (passing: Passing) => boolean;
  readonly fault: Fault | undefined;
  readonly hold: Hold | undefined;
  readonly onMet: () => void;
  left: number;
}

interface Hold {
  readonly isReached: { settle(value: undefined): void };
  readonly isLetGo: Promise<unknown>;
  readonly answer: boolean;
}

/** A request that waits in the proxy. */
export interface Held {
  readonly reached: Promise<unknown>;
  letGo(): void;
}

const NOT_CARRIED_OUT: Fault = { answer: 'reset' };

export class AriProxy {
  /** All that passed by or was kept from it. */
  readonly passed: Passing[] = [];
  readonly #target: AriLogin;
  readonly #agent = new Agent({ keepAlive: true, timeout: 10_000 });
  readonly #server = createServer((incoming, answer) => void this.#onRequest(incoming, answer));
  readonly #sockets = new Set<Socket>();
  readonly #eventSockets = new Set<Socket>();
  readonly #channelOfTap = new Map<number, string>();
  #rules: Rule[] = [];
  #keepsEventsOut = false;

  private constructor(target: AriLogin) {
    this.#target = target;
    this.#server.on('connection', (socket) => this.#keep(socket, this.#sockets));
    this.#server.on('upgrade', (incoming, socket, head) => this.#onUpgrade(incoming, socket as Socket, head));
  }

  static async open(target: AriLogin): Promise<AriProxy> {
    const proxy = new AriProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ids of the channels that were tapped, the first one first. */
  get channels(): string[] {
    return [...new Set(this.#channelOfTap.values())];
  }

  /** Numbers of the taps of this channel, in the order in which they were made. */
  tapsOf(channel: string): number[] {
    return [...this.#channelOfTap].flatMap(([tap, its]) => (its === channel ? [tap] : [])).sort((a, b) => a - b);
  }

  /** This becomes of the next `times` requests for which `isFor` holds. */
  breaks(
    isFor: (passing: Passing) => boolean,
    fault: Fault,
    times = Number.POSITIVE_INFINITY,
    onMet: () => void = () => {},
  ): void {
    this.#rules.push({ isFor, fault, hold: undefined, onMet, left: times });
  }

  /** Holds the next such request before it comes to Asterisk or, with `answer`, its answer. */
  holds(isFor: (passing: Passing) => boolean, answer: boolean): Held {
    const [reached, letGo] = [deferred<undefined>(), deferred<undefined>()];
    const hold = { isReached: reached, isLetGo: letGo.promise, answer };
    this.#rules.push({ isFor, fault: undefined, hold, onMet: () => {}, left: 1 });
    return { reached: reached.promise, letGo: () => letGo.settle(undefined) };
  }

  /** From now on everything passes. */
  mends(): void {
    this.#rules = [];
  }

  /** Cuts every event WebSocket, at both ends, and lets none through until it is told so. */
  cutEvents(): void {
    this.#keepsEventsOut = true;
    for (const socket of this.#eventSockets) socket.resetAndDestroy();
  }

  letEventsThrough(): void {
    this.#keepsEventsOut = false;
  }

  async close(): Promise<void> {
    for (const socket of [...this.#sockets, ...this.#eventSockets]) socket.destroy();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #onRequest(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    // The add-on may have given the request up.
    answer.on('error', () => {});
    const body = await readAll(incoming);
    const passing = await this.#withChannel(readPassing(incoming), incoming.url ?? '');
    this.passed.push(passing);
    const rule = this.#rules.find(({ isFor, left }) => left > 0 && isFor(passing));
    if (rule !== undefined) rule.left -= 1;
    rule?.onMet();
    const { fault, hold } = rule ?? {};
    if (hold?.answer === false) await reachedAndLetGo(hold);
    if (fault !== undefined && !fault.carriedOut) return breakOff(fault, answer);
    const answered = await this.#pass(incoming, body).catch(() => undefined);
    if (hold?.answer) await reachedAndLetGo(hold);
    if (fault !== undefined || answered === undefined) return breakOff(fault ?? NOT_CARRIED_OUT, answer);
    if (passing.what === 'external-media' && this.#rules.some(({ isFor }) => isFor({ ...passing, what: 'source' }))) {
      // A test waits for the question that this answer makes needless.
      answered.body = withoutSource(answered.body);
      delete answered.headers['content-length'];
    }
    answer.writeHead(answered.status, answered.headers).end(answered.body);
  }

  /** What is asked side by side may come in any order, and only the snoop's request names the channel. */
  async #withChannel(request: Omit<Passing, 'channel'>, path: string): Promise<Passing> {
    const { what, tap } = request;
    const named = decodeURIComponent(path.split('/')[3] ?? '');
    if (what === 'format') return { ...request, channel: named };
    if (tap === undefined) return { ...request, channel: undefined };
    if (what === 'snoop') this.#channelOfTap.set(tap, named);
    const channel = await until(`the snoop of tap ${tap}`, () => this.#channelOfTap.get(tap));
    return { ...request, channel };
  }

  #pass({ method, url: path, headers }: IncomingMessage, body: Buffer) {
    const { hostname, port } = new URL(this.#target.url);
    return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const outgoing = request({ hostname, port, method, path, headers, agent: this.#agent }, (answer) => {
        readAll(answer).then(
          (content) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: content }),
          reject,
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  #onUpgrade(incoming: IncomingMessage, near: Socket, head: Buffer): void {
    const { hostname, port } = new URL(this.#target.url);
    if (this.#keepsEventsOut) return void near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#keep(socket, this.#eventSockets);
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
    const lines = incoming.rawHeaders.flatMap((name, index, all) =>
      index % 2 === 0 ? [`${name}: ${all[index + 1] ?? ''}`] : [],
    );
    far.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    far.write(head);
  }

  #keep(socket: Socket, among: Set<Socket>): void {
    among.add(socket);
    socket.on('close', () => among.delete(socket));
    socket.on('error', () => {});
  }
}

function readPassing({ method = '', url = '' }: IncomingMessage): Omit<Passing, 'channel'> {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const kind = kindOf({ method: method as 'GET', path: pathname.replace(/^\/ari\//, '') });
  const ours = /aas~.*~(\d+)~(\w+)$/.exec(searchParams.get('channelId') ?? idIn(pathname));
  const piece = PIECES.find((name) => name === ours?.[2]);
  return { what: stepOf(kind, piece, searchParams.get('variable')), tap: ours === null ? undefined : Number(ours[1]) };
}

function stepOf(kind: string, piece: string | undefined, variable: string | null): Passing['what'] {
  if (kind === 'hang-up' && piece === 'snoop') return 'hang-up snoop';
  if (kind === 'hang-up' && piece === 'media') return 'hang-up media';
  if (variable === 'CHANNEL(audionativeformat)') return 'format';
  if (kind === 'variable') return variable?.startsWith('UNICASTRTP_') ? 'source' : 'other';
  return [...MAKING, ...REMOVING].find((step) => step === kind) ?? 'other';
}

/** An externalMedia channel as an Asterisk would tell of it that does not say where it sends from. */
function withoutSource(body: Buffer): Buffer {
  const { channelvars: _, ...channel } = JSON.parse(body.toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify(channel));
}

/** The last of our ids in a path; empty where there is none. */
function idIn(pathname: string): string {
  return (
    decodeURIComponent(pathname)
      .split('/')
      .findLast((part) => part.startsWith('aas~')) ?? ''
  );
}

async function reachedAndLetGo({ isReached, isLetGo }: Hold): Promise<void> {
  isReached.settle(undefined);
  await isLetGo;
}

function breakOff({ answer: what }: Fault, answer: ServerResponse): void {
  if (what === 'none') return;
  if (what === 'reset') return void answer.socket?.resetAndDestroy();
  answer.writeHead(what, { 'content-type': 'application/json' }).end(`{"message":"the test wants it so"}`);
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
