/** Measures how long each kind of ARI request takes, and counts those that fail. */

import { StreamError } from '../../core/errors.js';
import { Histogram } from '../../core/histogram.js';
import { AriRefusal, type AriRequest } from './ari-http.js';
import type { AriTransport } from './ari-requests.js';

/** What is asked of Asterisk. Ids and names are left out, so that their number has a bound. */
const KINDS = [
  ['info', 'GET', /^asterisk\/info$/],
  ['application', 'GET', /^applications\/[^/]+$/],
  ['event-filter', 'PUT', /^applications\/[^/]+\/eventFilter$/],
  ['channels', 'GET', /^channels$/],
  ['bridges', 'GET', /^bridges$/],
  ['variable', 'GET', /^channels\/[^/]+\/variable$/],
  ['snoop', 'POST', /^channels\/[^/]+\/snoop\/[^/]+$/],
  ['external-media', 'POST', /^channels\/externalMedia$/],
  ['create-bridge', 'POST', /^bridges\/[^/]+$/],
  ['add-to-bridge', 'POST', /^bridges\/[^/]+\/addChannel$/],
  ['hang-up', 'DELETE', /^channels\/[^/]+$/],
  ['destroy-bridge', 'DELETE', /^bridges\/[^/]+$/],
] as const;

type Kind = (typeof KINDS)[number][0] | 'other';

/** Seconds. Asterisk answers within some milliseconds; the time limit is 5 s. */
const DURATION_BOUNDS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const MS_PER_SECOND = 1000;
const NOT_FOUND = 404;

export class TimedTransport implements AriTransport {
  /** Seconds, of every request that has ended, by its kind. */
  readonly durations: ReadonlyMap<string, Histogram>;
  readonly #transport: AriTransport;
  readonly #failed: (error: StreamError) => void;

  /** `failed` is told of each request that failed. That a channel or bridge is gone already (404) is an answer like another. */
  constructor(transport: AriTransport, failed: (error: StreamError) => void) {
    this.#transport = transport;
    this.#failed = failed;
    const kinds: readonly Kind[] = [...KINDS.map(([kind]) => kind), 'other'];
    this.durations = new Map(kinds.map((kind) => [kind, new Histogram(DURATION_BOUNDS)]));
  }

  async request(request: AriRequest): Promise<unknown> {
    const begun = performance.now();
    try {
      return await this.#transport.request(request);
    } catch (error) {
      if (error instanceof StreamError && !isMissing(error)) this.#failed(error);
      throw error;
    } finally {
      this.durations.get(kindOf(request))?.observe((performance.now() - begun) / MS_PER_SECOND);
    }
  }
}

export function kindOf({ method, path }: AriRequest): Kind {
  const row = KINDS.find(([, wanted, pattern]) => wanted === method && pattern.test(path));
  return row === undefined ? 'other' : row[0];
}

function isMissing(error: StreamError): boolean {
  return error instanceof AriRefusal && error.status === NOT_FOUND;
}
