/** An administrator at the page of a running add-on: signed in with the code of its log, saving and looking by the API. */
import type { Answer } from '../../portal-client.js';
import { PortalClient } from '../../portal-client.js';
import type { AddOn } from '../add-on.js';

const ADMIN = { name: 'admin', password: 'a long good password' };

export class PageAdmin {
  readonly client: PortalClient;
  readonly #addOn: AddOn;

  private constructor(addOn: AddOn, client: PortalClient) {
    this.#addOn = addOn;
    this.client = client;
  }

  static async at(addOn: AddOn): Promise<PageAdmin> {
    const { address } = await addOn.page();
    return new PageAdmin(addOn, new PortalClient(address));
  }

  /** Makes the first account; what comes of it is the answer. */
  async setUp(): Promise<Answer> {
    // One that was spent for nothing may have been followed by another.
    const setupCode = this.#addOn.lines.findLast((line) => line.setupCode !== undefined)?.setupCode;
    return this.client.keep(await this.client.ask('POST', '/api/v1/setup', { body: { code: setupCode, ...ADMIN } }));
  }

  /** Orders what is so already, which makes a line of the audit trail. */
  async orderStreaming(callid: string): Promise<Answer> {
    return this.client.ask('PUT', `/api/v1/calls/${callid}/streaming`, { body: { isStreamed: true } });
  }

  async saveBuffer(bufferSeconds: number): Promise<Answer> {
    const { revision, streaming } = (await this.#get('settings')) as unknown as Saved;
    const { secretIsSet: _, ...form } = streaming;
    return this.client.ask('PUT', '/api/v1/settings', { body: { revision, streaming: { ...form, bufferSeconds } } });
  }

  /** What holds, as the page shows it. */
  async bufferSeconds(): Promise<number> {
    return ((await this.#get('settings')) as unknown as Saved).streaming.bufferSeconds;
  }

  async addUser(name: string): Promise<Answer> {
    const body = { name, password: 'another long password', role: 'reader', mayListen: false };
    return this.client.ask('POST', '/api/v1/users', { body });
  }

  /** The actions of the audit trail, the newest first. */
  async trail(): Promise<readonly TrailEntry[]> {
    return (await this.#get('audit?limit=1000')) as unknown as TrailEntry[];
  }

  /** The calls that the page keeps, the newest first. */
  async calls(): Promise<readonly KeptCall[]> {
    return (await this.#get('calls/recent')) as unknown as KeptCall[];
  }

  async #get(what: string): Promise<unknown> {
    const { status, text, json } = await this.client.ask('GET', `/api/v1/${what}`);
    if (status !== 200) throw new Error(`${what}: ${status} ${text}`);
    return json;
  }
}

interface Saved {
  readonly revision: number;
  readonly streaming: { readonly bufferSeconds: number; readonly secretIsSet: boolean };
}

export interface TrailEntry {
  readonly at: string;
  readonly action: string;
}

export interface KeptCall {
  readonly callid: string;
  readonly begunAt: string;
  readonly endedAt: string | null;
  readonly participants: readonly {
    readonly number: string;
    readonly begunAt: string;
    readonly endedAt: string | null;
    readonly figures: { readonly lostMs: number } | null;
    readonly gaps: readonly { readonly at: string }[];
  }[];
}
