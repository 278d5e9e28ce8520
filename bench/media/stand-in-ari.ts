/**
 * Answers the program's ARI requests, so that taps come about whose RTP is that of the sender. It is a fake: what is
 * measured with it begins where Asterisk ends.
 */
import type { AriEvent } from '../../src/io/ari/ari-events.js';
import type { AriRequest } from '../../src/io/ari/ari-http.js';
import type { AriTransport } from '../../src/io/ari/ari-requests.js';

const SNOOPED = /^channels\/([^/]+)\/snoop\/([^/]+)$/;
const VARIABLE = /^channels\/[^/]+\/variable$/;
const MEDIA = 'channels/externalMedia';
/** The tap's number in the ids of its pieces, see src/core/call/resource-id.ts. */
const TAP = /~(\d+)~\w+$/;

export class StandInAri implements AriTransport {
  /** Taps that are joined. */
  joined = 0;
  readonly #portOf: (channelId: string) => number;
  readonly #tell: (event: AriEvent) => void;
  /** The channel that each tap is of. */
  readonly #tapped = new Map<number, string>();
  /** What waits for the snoop of a tap. */
  readonly #awaited = new Map<number, () => void>();
  /** The port to which the audio of each channel is to be sent. */
  readonly #destinations = new Map<string, number>();

  /** `portOf` says from where the audio of a channel comes; `tell` is what hears the events. */
  constructor(portOf: (channelId: string) => number, tell: (event: AriEvent) => void) {
    this.#portOf = portOf;
    this.#tell = tell;
  }

  /** The port to which the audio of this channel is to be sent, once its tap is joined. */
  destinationOf(channelId: string): number {
    return this.#destinations.get(channelId) ?? 0;
  }

  async request({ method, path, query = {} }: AriRequest): Promise<unknown> {
    const [, channelId = '', snoopId = ''] = SNOOPED.exec(path)?.map(decodeURIComponent) ?? [];
    if (snoopId !== '') {
      this.#tapped.set(tapOf(snoopId), channelId);
      this.#awaited.get(tapOf(snoopId))?.();
      this.#enters(snoopId);
    } else if (path === MEDIA) {
      return { channelvars: await this.#enterMedia(query.channelId ?? '', query.external_host ?? '') };
    } else if (VARIABLE.test(path)) {
      return { value: '' };
    } else if (path.endsWith('/addChannel')) {
      this.joined += 1;
    } else if (method === 'DELETE') {
      this.#ends(path);
    }
    return method === 'GET' ? [] : {};
  }

  async #enterMedia(id: string, externalHost: string): Promise<Readonly<Record<string, string>>> {
    const tap = tapOf(id);
    // Both are asked for side by side, on connections of their own.
    if (!this.#tapped.has(tap)) await new Promise<void>((done) => this.#awaited.set(tap, done));
    this.#enters(id);
    const channelId = this.#tapped.get(tap) ?? '';
    this.#destinations.set(channelId, Number(externalHost.split(':').at(-1)));
    const port = this.#portOf(channelId);
    return { UNICASTRTP_LOCAL_ADDRESS: '127.0.0.1', UNICASTRTP_LOCAL_PORT: String(port) };
  }

  /** Asterisk's event comes over another connection than the answer, some time after the question. */
  #enters(channelId: string): void {
    setImmediate(() => this.#tell({ kind: 'entered', channelId }));
  }

  #ends(path: string): void {
    const [kind, id = ''] = path.split('/').map(decodeURIComponent);
    const event: AriEvent =
      kind === 'bridges' ? { kind: 'bridge-gone', bridgeId: id } : { kind: 'channel-gone', channelId: id };
    setImmediate(() => this.#tell(event));
  }
}

function tapOf(id: string): number {
  return Number(TAP.exec(id)?.[1]);
}
