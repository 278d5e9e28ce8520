/** A client of the portal that says exactly what a test wants it to say: a browser's cookies and headers, or an attacker's. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { WebSocket } from 'ws';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON, in whatever shape the test expects; undefined when it is none. */
  readonly json: never;
}

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: unknown;
}

/** What became of an upgrade: the HTTP status, and the socket if there is one. */
export interface Upgrade {
  readonly status: number;
  readonly socket: WebSocket | undefined;
  /** The texts that came, and come. */
  readonly messages: readonly string[];
}

export class PortalClient {
  readonly #origin: string;
  readonly #basePath: string;
  readonly #ca: string | undefined;
  /** `name=value`. */
  cookie: string | undefined;
  csrfToken: string | undefined;
  token: string | undefined;

  /** `address` is that of the page; `ca` is trusted for https. */
  constructor(address: string, ca?: string) {
    const { origin, pathname } = new URL(address);
    this.#origin = origin;
    this.#basePath = pathname.replace(/\/$/, '');
    this.#ca = ca;
  }

  get origin(): string {
    return this.#origin;
  }

  /** The headers of a page of the portal's own that somebody is signed in on. */
  headers(): Record<string, string> {
    return {
      ...(this.cookie !== undefined && { cookie: this.cookie }),
      ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      ...(this.csrfToken !== undefined && { 'x-csrf-token': this.csrfToken }),
      origin: this.#origin,
    };
  }

  /** `path` is below the base path, such as `/api/v1/session`. Given headers come over those of a page; an empty one takes it away. */
  ask(method: string, path: string, { headers = {}, body }: Question = {}): Promise<Answer> {
    const payload =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const sent = {
      ...(payload !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
      }),
      ...this.headers(),
      ...headers,
    };
    const kept = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
    const options = { method, headers: kept, ...(this.#ca && { ca: this.#ca }), agent: false };
    const address = new URL(this.#origin);
    // Not as one address, which would be put in order first: `/../` is for the portal to see.
    const target = {
      ...options,
      host: address.hostname.replace(/^\[|\]$/g, ''),
      port: address.port,
      path: `${this.#basePath}${path}`,
    };
    return new Promise((resolve, reject) => {
      const sending = (address.protocol === 'https:' ? httpsRequest : httpRequest)(target, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
        });
      });
      sending.on('error', reject);
      sending.end(payload);
    });
  }

  /** Signs in and keeps what the portal gives. */
  async signIn(name: string, password: string): Promise<Answer> {
    return this.keep(await this.ask('POST', '/api/v1/session', { body: { name, password } }));
  }

  /** Takes over the cookie and the CSRF token of an answer, as a browser and the page do. */
  keep(answer: Answer): Answer {
    const [first = ''] = answer.headers['set-cookie'] ?? [];
    const [cookie = ''] = first.split(';');
    if (cookie !== '') this.cookie = cookie.endsWith('=') ? undefined : cookie;
    const session = answer.json as { csrfToken?: string } | undefined;
    if (typeof session?.csrfToken === 'string') this.csrfToken = session.csrfToken;
    return answer;
  }

  upgrade(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Upgrade> {
    const sent = Object.fromEntries(
      Object.entries({ ...this.headers(), ...headers }).filter(([, value]) => value !== ''),
    );
    const address = `${this.#origin.replace(/^http/, 'ws')}${this.#basePath}${path}`;
    const socket = new WebSocket(address, { headers: sent, ...(this.#ca && { ca: this.#ca }) });
    const messages: string[] = [];
    socket.on('message', (data) => messages.push(String(data)));
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve({ status: 101, socket, messages }));
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        socket.terminate();
        resolve({ status: response.statusCode ?? 0, socket: undefined, messages });
      });
      socket.on('error', reject);
    });
  }
}

function parsed(text: string): never {
  try {
    return JSON.parse(text) as never;
  } catch {
    return undefined as never;
  }
}
