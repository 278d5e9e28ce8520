/**
 * The other way to tap: snoop and externalMedia over Asterisk's own WebSocket channel, straight to a receiver, with nothing
 * in between. Made here by plain ARI requests, as a program of somebody else's would.
 */
import { AriHttp } from '../../lab/ari-http.js';
import { openAriStream } from '../../lab/ari-stream.js';
import type { Lab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';

const APP = 'bench-websocket';
/** The connection's name in websocket_client.conf. */
const CONNECTION = 'bench-sink';
const ENTER_LIMIT_MS = 20_000;

/** What the PBX's configuration needs for it; `port` is the receiver's on this machine. */
export function websocketConf(port: number): Readonly<Record<string, string>> {
  return {
    'modules.conf': 'load = chan_websocket.so\n',
    'websocket_client.conf': `[${CONNECTION}]
type = websocket_client
uri = ws://127.0.0.1:${port}/
protocols = media
connection_type = per_call_config
connection_timeout = 5000
tls_enabled = no
`,
  };
}

export class WebSocketTaps {
  readonly #ari: AriHttp;
  readonly #entered = new Set<string>();
  readonly #made: { readonly bridge: string; readonly channels: readonly string[] }[] = [];
  readonly #run: string;
  #disconnect: () => Promise<void> = async () => undefined;

  private constructor(ari: AriHttp, run: string) {
    this.#ari = ari;
    this.#run = run;
  }

  /** Taps these channels. `run` tells one time from the next: Asterisk may not like to see a bridge's id again. */
  static async open({ pbx }: Pick<Lab, 'pbx'>, channelIds: readonly string[], run: string): Promise<WebSocketTaps> {
    const taps = new WebSocketTaps(new AriHttp(pbx.ari), run);
    taps.#disconnect = await openAriStream(pbx.ari, APP, (event) => {
      if (event.type === 'StasisStart') taps.#entered.add(event.channel.id);
    });
    try {
      await taps.#ari.request('PUT', `applications/${APP}/eventFilter`, {}, { allowed: [{ type: 'StasisStart' }] });
      for (const [index, id] of channelIds.entries()) await taps.#tap(id, index);
    } catch (error) {
      await taps.close();
      throw error;
    }
    return taps;
  }

  /**
   * Removes them one by one, the receiver still being there: after an end in disorder Asterisk 22.10 took no further event
   * WebSocket.
   */
  async close(): Promise<void> {
    for (const { bridge, channels } of this.#made.splice(0)) {
      for (const id of channels) await this.#ari.request('DELETE', `channels/${id}`).catch(() => undefined);
      await this.#ari.request('DELETE', `bridges/${bridge}`).catch(() => undefined);
    }
    await this.#disconnect();
  }

  async #tap(channelId: string, index: number): Promise<void> {
    const id = (piece: string): string => `bench-${this.#run}-${index}-${piece}`;
    const channels = [id('snoop'), id('media')];
    this.#made.push({ bridge: id('bridge'), channels });
    await this.#ari.request('POST', `channels/${channelId}/snoop/${id('snoop')}`, { spy: 'in', app: APP });
    const media = { transport: 'websocket', encapsulation: 'none', external_host: CONNECTION, format: 'slin' };
    await this.#ari.request('POST', 'channels/externalMedia', { app: APP, channelId: id('media'), ...media });
    await this.#ari.request('POST', `bridges/${id('bridge')}`, { type: 'mixing' });
    await until('a tap is there', () => channels.every((one) => this.#entered.has(one)), ENTER_LIMIT_MS);
    await this.#ari.request('POST', `bridges/${id('bridge')}/addChannel`, { channel: channels.join(',') });
  }
}
