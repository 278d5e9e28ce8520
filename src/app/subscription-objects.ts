/** What can be subscribed, asked of Asterisk whenever the page wants to know. */
import { type Endpoint, pickableEndpoints } from '../core/call/endpoints.js';
import { globMatcher, matcherOf } from '../core/call/name-pattern.js';
import { StreamError } from '../core/errors.js';
import type { CallsSettings } from '../core/settings/settings.js';
import { AriRefusal } from '../io/ari/ari-http.js';
import type { AriRequests } from '../io/ari/ari-requests.js';
import type { SubscriptionObjects } from '../io/web/contract/settings.js';
import { ApiFailure } from '../io/web/route.js';
import type { SubscriptionObjectsPort } from '../io/web/subscription-routes.js';

export interface AskedObjectsOptions {
  readonly ari: Pick<AriRequests, 'endpoints' | 'pjsipContext'>;
  readonly calls: () => CallsSettings;
  /** DID numbers that calls came in by since the start. */
  readonly didsSeen: () => readonly string[];
}

/** The connections to Asterisk are those that taps need too: a page must not fill them. */
const QUESTIONS_AT_ONCE = 4;
/** Contexts of endpoints hardly ever change, and on a large PBX asking for all takes a second. */
const CONTEXTS_HOLD_MS = 60_000;

export class AskedObjects implements SubscriptionObjectsPort {
  readonly #options: AskedObjectsOptions;
  readonly #contexts = new Map<string, string | undefined>();
  #contextsSince = Number.NEGATIVE_INFINITY;
  #underWay: Promise<SubscriptionObjects> | undefined;

  constructor(options: AskedObjectsOptions) {
    this.#options = options;
  }

  /** Rejects with an ApiFailure when Asterisk does not answer. Whoever asks meanwhile gets the same answer. */
  objects(): Promise<SubscriptionObjects> {
    this.#underWay ??= this.#ask().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #ask(): Promise<SubscriptionObjects> {
    const { technologies, trunks, trunkContexts, extensionGroups } = this.#options.calls();
    const rules = {
      technologies: new Set(technologies),
      isTrunkName: matcherOf(trunks),
      isTrunkContext: globMatcher(trunkContexts),
    };
    try {
      const endpoints = await this.#options.ari.endpoints();
      await this.#learnContexts(
        endpoints.filter(({ technology }) => technology === 'PJSIP' && rules.technologies.has(technology)),
      );
      const picked = pickableEndpoints(endpoints, rules, ({ technology, name }) =>
        technology === 'PJSIP' ? this.#contexts.get(name) : undefined,
      );
      return {
        extensions: [...picked.extensions],
        trunks: [...picked.trunks],
        extensionGroups: Object.entries(extensionGroups).map(([name, members]) => ({ name, members: [...members] })),
        dids: [...this.#options.didsSeen()],
      };
    } catch (error) {
      throw away(error);
    }
  }

  async #learnContexts(endpoints: readonly Endpoint[]): Promise<void> {
    if (performance.now() - this.#contextsSince > CONTEXTS_HOLD_MS) {
      this.#contexts.clear();
      this.#contextsSince = performance.now();
    }
    const unknown = endpoints.map(({ name }) => name).filter((name) => !this.#contexts.has(name));
    const askInTurn = async (): Promise<void> => {
      for (let name = unknown.pop(); name !== undefined; name = unknown.pop()) {
        this.#contexts.set(name, await this.#contextOf(name));
      }
    };
    await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, askInTurn));
  }

  /** An Asterisk that does not tell it makes no endpoint a trunk by its context. */
  async #contextOf(name: string): Promise<string | undefined> {
    try {
      return await this.#options.ari.pjsipContext(name);
    } catch (error) {
      if (error instanceof AriRefusal) return undefined;
      throw error;
    }
  }
}

function away(error: unknown): unknown {
  if (!(error instanceof StreamError)) return error;
  const isModuleMissing = error instanceof AriRefusal && error.status === 404;
  const why = isModuleMissing
    ? 'Asterisk does not tell its extensions and trunks: its module res_ari_endpoints is not loaded'
    : `Asterisk cannot be asked for its extensions and trunks now: ${error.message}`;
  return new ApiFailure(503, error.code, `${why}. Names can still be typed in.`);
}
