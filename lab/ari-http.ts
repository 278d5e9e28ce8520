/** ARI requests of the lab, by plain fetch, so that the lab proves the add-on's own client and does not lean on it. */

export interface AriLogin {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export type AriQuery = Readonly<Record<string, string>>;

/** Asterisk's answer when the thing asked for is not (or no longer) there, or not in the state that was asked for. */
export class AriRefusal extends Error {
  override readonly name = 'AriRefusal';
  readonly status: number;

  constructor(request: string, status: number, answer: string) {
    super(`${request}: ${status} ${answer}`);
    this.status = status;
  }
}

const LIMIT_MS = 10_000;

export class AriHttp {
  readonly #login: AriLogin;

  constructor(login: AriLogin) {
    this.#login = login;
  }

  /** Sends a request such as ('POST', 'channels/17/answer') and gives the answer's JSON, undefined when it has none. */
  async request<T = undefined>(method: string, path: string, query: AriQuery = {}, body?: unknown): Promise<T> {
    const { url, username, password } = this.#login;
    const response = await fetch(`${url}/ari/${path}?${new URLSearchParams(query)}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new AriRefusal(`${method} /${path}`, response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Whether ARI serves requests: not before Asterisk is fully booted. */
  async isReady(): Promise<boolean> {
    return this.request('GET', 'asterisk/info', { only: 'system' }).then(
      () => true,
      () => false,
    );
  }
}
