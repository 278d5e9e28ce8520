/** The dozen ARI requests that we use, typed; not all of ARI. */

import type { BridgeSnapshot } from '../../core/call/call-events.js';
import type { Channel } from '../../core/call/channel.js';
import type { Endpoint } from '../../core/call/endpoints.js';
import type { RtpSource } from '../../core/call/tap-plan.js';
import { StreamError } from '../../core/errors.js';
import { readBridge, readChannel } from './ari-events.js';
import { AriRefusal, type AriRequest } from './ari-http.js';

/** Whatever carries a request to Asterisk and brings back its JSON. */
export interface AriTransport {
  request(request: AriRequest): Promise<unknown>;
}

export interface AsteriskInfo {
  readonly version: string;
}

export interface AsteriskModuleState {
  /** With its ending, such as `chan_rtp.so`. */
  readonly name: string;
  /** `Running` or `Not Running`. */
  readonly status: string;
}

/** A client's application as Asterisk keeps it. */
export interface ApplicationState {
  /** Types of events; an empty list of allowed ones means all. */
  readonly allowed: readonly string[];
  readonly disallowed: readonly string[];
  /** Whether it sees the events of all channels. */
  readonly seesAll: boolean;
}

/** A Local channel that belongs to nobody's call. */
export interface LocalChannel {
  readonly channel: Channel;
  /** The names of the variables that came with it: `channelvars` of ari.conf. */
  readonly channelvars: readonly string[];
}

export interface ExternalMediaOptions {
  readonly id: string;
  readonly application: string;
  /** HOST:PORT that Asterisk sends RTP to. */
  readonly host: string;
  /** Asterisk's name of a format, such as `slin16`. */
  readonly format: string;
}

/** Variables of an externalMedia channel. */
const SOURCE_ADDRESS = 'UNICASTRTP_LOCAL_ADDRESS';
const SOURCE_PORT = 'UNICASTRTP_LOCAL_PORT';
/** How Asterisk names the subscription to all channels. */
const ALL_CHANNELS = '__AST_CHANNEL_ALL_TOPIC';
/** Extension and context of our Local channels; nobody's dialplan need have them. */
const LOCAL_NAME = 'ari-audio-stream-check';

export class AriRequests {
  readonly #transport: AriTransport;

  constructor(transport: AriTransport) {
    this.#transport = transport;
  }

  async info(): Promise<AsteriskInfo> {
    const answer = record(
      await this.#transport.request({ method: 'GET', path: 'asterisk/info', query: { only: 'system' } }),
    );
    const { version } = record(answer.system ?? {});
    if (typeof version !== 'string') throw new StreamError('ARI_NOT_ARI', 'asterisk', 'it does not tell its version');
    return { version };
  }

  /** Whether a client is connected under this application's name. */
  async hasApplication(application: string): Promise<boolean> {
    const path = `applications/${segment(application)}`;
    const answer = await unlessMissing(this.#transport.request({ method: 'GET', path }));
    if (answer === undefined) return false;
    // There are servers that answer everything with 200 and some JSON.
    if (record(answer).name === application) return true;
    throw new StreamError('ARI_NOT_ARI', 'asterisk', 'it answers, but not what was asked');
  }

  /** The application of this name; nothing when no client is connected under it. */
  async application(application: string): Promise<ApplicationState | undefined> {
    const path = `applications/${segment(application)}`;
    const answer = await unlessMissing(this.#transport.request({ method: 'GET', path }));
    if (answer === undefined) return undefined;
    const { events_allowed: allowed, events_disallowed: disallowed, channel_ids: ids } = record(answer);
    return { allowed: typesIn(allowed), disallowed: typesIn(disallowed), seesAll: list(ids).includes(ALL_CHANNELS) };
  }

  /** All modules that are loaded, running or not. */
  async modules(): Promise<AsteriskModuleState[]> {
    return list(await this.#transport.request({ method: 'GET', path: 'asterisk/modules' })).map((raw) => {
      const { name, status } = record(raw);
      return { name: word(name), status: word(status) };
    });
  }

  /** Cuts off in Asterisk every kind of event but these. */
  async allowEvents(application: string, types: readonly string[]): Promise<void> {
    const path = `applications/${segment(application)}/eventFilter`;
    await this.#transport.request({ method: 'PUT', path, body: { allowed: types.map((type) => ({ type })) } });
  }

  async channels(): Promise<Channel[]> {
    return list(await this.#transport.request({ method: 'GET', path: 'channels' })).flatMap(
      (raw) => readChannel(raw) ?? [],
    );
  }

  async bridges(): Promise<BridgeSnapshot[]> {
    return list(await this.#transport.request({ method: 'GET', path: 'bridges' })).flatMap(
      (raw) => readBridge(raw) ?? [],
    );
  }

  /** All endpoints of all technologies, in Asterisk's order, which is none. */
  async endpoints(): Promise<Endpoint[]> {
    return list(await this.#transport.request({ method: 'GET', path: 'endpoints' })).map((raw) => {
      const { technology, resource, state } = record(raw);
      return { technology: word(technology), name: word(resource), state: word(state ?? 'unknown') };
    });
  }

  /** The context in which calls of a PJSIP endpoint begin; nothing for one that is not configured (any more). */
  async pjsipContext(endpoint: string): Promise<string | undefined> {
    const path = `asterisk/config/dynamic/res_pjsip/endpoint/${segment(endpoint)}`;
    const fields = list(await unlessMissing(this.#transport.request({ method: 'GET', path }))).map(record);
    const value = fields.find(({ attribute }) => attribute === 'context')?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** A channel variable or dialplan function; undefined when the variable or the channel does not exist. */
  async variable(channelId: string, name: string): Promise<string | undefined> {
    const path = `channels/${segment(channelId)}/variable`;
    const answer = await unlessMissing(this.#transport.request({ method: 'GET', path, query: { variable: name } }));
    return answer === undefined ? undefined : word(record(answer).value);
  }

  /**
   * Makes a Local channel whose first half enters our application and whose second half is never dialled: it needs no
   * dialplan, rings nowhere, and is no part of any call.
   */
  async createLocal(id: string, application: string): Promise<LocalChannel> {
    const query = { endpoint: `Local/${LOCAL_NAME}@${LOCAL_NAME}`, app: application, channelId: id };
    const answer = await this.#transport.request({ method: 'POST', path: 'channels/create', query });
    const channel = readChannel(answer);
    if (channel === undefined) throw new StreamError('ARI_NOT_ARI', 'asterisk', 'what it made is no channel');
    return { channel, channelvars: Object.keys(record(record(answer).channelvars)) };
  }

  /** A channel of our application that hears what this channel says. */
  async snoop(channelId: string, snoopId: string, application: string): Promise<void> {
    const path = `channels/${segment(channelId)}/snoop/${segment(snoopId)}`;
    await this.#transport.request({ method: 'POST', path, query: { spy: 'in', app: application } });
  }

  /**
   * Makes a channel of our application that sends what it hears as RTP. Gives where it sends from, where the answer says so:
   * Asterisk puts all of the channel's variables into it, whatever `channelvars` of ari.conf names.
   */
  async externalMedia({ id, application, host, format }: ExternalMediaOptions): Promise<RtpSource | undefined> {
    const query = {
      channelId: id,
      app: application,
      external_host: host,
      format,
      encapsulation: 'rtp',
      transport: 'udp',
    };
    const answer = await this.#transport.request({ method: 'POST', path: 'channels/externalMedia', query });
    const told = record(record(answer).channelvars);
    return sourceOf(word(told[SOURCE_ADDRESS]), word(told[SOURCE_PORT]));
  }

  /** Where an externalMedia channel sends from. */
  async rtpSource(mediaId: string): Promise<RtpSource> {
    const asked = [this.variable(mediaId, SOURCE_ADDRESS), this.variable(mediaId, SOURCE_PORT)] as const;
    const source = sourceOf(...(await Promise.all(asked)));
    if (source === undefined)
      throw new StreamError('ARI_REQUEST_FAILED', 'asterisk', 'the externalMedia channel has no RTP source');
    return source;
  }

  async createBridge(bridgeId: string): Promise<void> {
    const path = `bridges/${segment(bridgeId)}`;
    await this.#transport.request({ method: 'POST', path, query: { type: 'mixing', name: bridgeId } });
  }

  async addToBridge(bridgeId: string, channelIds: readonly string[]): Promise<void> {
    const path = `bridges/${segment(bridgeId)}/addChannel`;
    await this.#transport.request({ method: 'POST', path, query: { channel: channelIds.join(',') } });
  }

  /** Asks Asterisk to hang a channel up, which takes it some milliseconds more; tells whether there was one. */
  async hangUp(channelId: string): Promise<'going' | 'missing'> {
    const request = this.#transport.request({ method: 'DELETE', path: `channels/${segment(channelId)}` });
    return (await unlessMissing(request.then(() => 'going' as const))) ?? 'missing';
  }

  /** Destroys a bridge; that it is gone already is just as well. */
  async destroyBridge(bridgeId: string): Promise<void> {
    await unlessMissing(this.#transport.request({ method: 'DELETE', path: `bridges/${segment(bridgeId)}` }));
  }
}

function sourceOf(address: string | undefined, port: string | undefined): RtpSource | undefined {
  return address && port ? { address, port: Number(port) } : undefined;
}

/** A part of a path. Ids come from outside, and half of a pair of UTF-16 cannot be escaped: the sign for what is damaged can. */
function segment(id: string): string {
  return encodeURIComponent(Buffer.from(id).toString());
}

async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof AriRefusal && error.status === 404) return undefined;
    throw error;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text as it is; what is none is empty. An object of JSON may have a `toString` that is no function. */
function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function typesIn(filters: unknown): string[] {
  return list(filters).map((filter) => word(record(filter).type));
}
