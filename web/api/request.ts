/** Requests to the API: under the page's own address, with the CSRF token, and with one shape for all that fails. */
import type { Failure, FieldProblem } from '../../src/io/web/contract/failure.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An answer that was no success, or no answer at all (status 0). */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly status: number;
  readonly code: string;
  readonly problems: readonly FieldProblem[];

  constructor(status: number, code: string, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

const NO_ANSWER = 'The program does not answer. Is it running, and is the network up?';

const door: { csrfToken: string | null; signInAgain: () => Promise<boolean> } = {
  csrfToken: null,
  signInAgain: async () => false,
};

/** What the session says goes with each request that changes something. */
export function sendCsrfToken(token: string | null): void {
  door.csrfToken = token;
}

/** Says whom to ask when the session has ended; the request is sent again when the answer is true. */
export function onSessionOver(signInAgain: () => Promise<boolean>): void {
  door.signInAgain = signInAgain;
}

/** The address of a path of the API, such as `/api/v1/users/:name`, with its parts filled in. */
export function addressOf(path: string, parts: Readonly<Record<string, string>> = {}): URL {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  // Relative to the page, whatever base path a proxy has put it under.
  return new URL(filled.replace(/^\//, ''), document.baseURI);
}

/** The same for a WebSocket. */
export function socketAddressOf(path: string, parts?: Readonly<Record<string, string>>): URL {
  const address = addressOf(path, parts);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
}

export async function request<T>(method: Method, address: URL, body?: unknown): Promise<T> {
  const answer = await send(method, address, body);
  if (answer.status === 401 && (await failureOf(answer.clone())).code === 'NOT_SIGNED_IN') {
    if (await door.signInAgain()) return resultOf<T>(await send(method, address, body));
  }
  return resultOf<T>(answer);
}

async function send(method: Method, address: URL, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && door.csrfToken !== null) headers['x-csrf-token'] = door.csrfToken;
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) init.body = JSON.stringify(body);
  try {
    return await fetch(address, init);
  } catch {
    throw new RequestFailed(0, 'NO_ANSWER', NO_ANSWER);
  }
}

async function resultOf<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw await failureOf(answer);
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function failureOf(answer: Response): Promise<RequestFailed> {
  const { status } = answer;
  try {
    const { error } = (await answer.json()) as Failure;
    return new RequestFailed(status, error.code, error.message, error.problems);
  } catch {
    return new RequestFailed(status, 'UNEXPECTED', `The program answers with an error (HTTP ${status}).`);
  }
}

/** What to tell a person of anything that was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof RequestFailed ? cause.message : `Something unexpected happened: ${String(cause)}`;
}
