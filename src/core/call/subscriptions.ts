/** Which parties make their call one that is streamed: subscribed extensions, groups of them, trunks and DID numbers. */

import { normalisedDid } from './did.js';
import { matcherOf, type NameMatcher } from './name-pattern.js';

/** What is asked about a party. */
export interface Party {
  readonly role: 'extension' | 'trunk';
  readonly endpoint: string;
  /** Numbers, normalised, to which an inbound trunk call was sent. */
  readonly dids: ReadonlySet<string>;
}

export interface SubscriptionLists {
  readonly enableExtensions: boolean;
  readonly enableExtensionGroups: boolean;
  readonly enableTrunks: boolean;
  readonly enableDids: boolean;
  /** Exact names, Asterisk patterns, or `*`. */
  readonly extensions: readonly string[];
  /** Names of groups, or `*`. */
  readonly extensionGroups: readonly string[];
  readonly trunks: readonly string[];
  readonly dids: readonly string[];
}

export type ExtensionGroups = Readonly<Record<string, readonly string[]>>;

export class Subscriptions {
  readonly #isExtension: NameMatcher;
  readonly #isTrunk: NameMatcher;
  readonly #isDid: NameMatcher;
  /** Whether it matters to which number an inbound call was sent. */
  readonly wantsDids: boolean;
  /** No call is streamed at all, not even one that an administrator asks for. */
  readonly isOff: boolean;

  constructor(lists: SubscriptionLists, groups: ExtensionGroups, isOff = false) {
    this.isOff = isOff;
    const all = lists.extensionGroups.includes('*');
    const chosen = Object.entries(groups).filter(([name]) => all || lists.extensionGroups.includes(name));
    this.#isExtension = matcherOf([
      ...(lists.enableExtensions ? lists.extensions : []),
      ...(lists.enableExtensionGroups ? chosen.flatMap(([, entries]) => entries) : []),
    ]);
    this.#isTrunk = matcherOf(lists.enableTrunks ? lists.trunks : []);
    this.#isDid = matcherOf(lists.enableDids ? lists.dids.map((did) => (did === '*' ? did : normalisedDid(did))) : []);
    this.wantsDids = lists.enableDids && lists.dids.length > 0;
  }

  /** Streaming is switched off. */
  static none(): Subscriptions {
    const off = { enableExtensions: false, enableExtensionGroups: false, enableTrunks: false, enableDids: false };
    return new Subscriptions({ ...off, extensions: [], extensionGroups: [], trunks: [], dids: [] }, {}, true);
  }

  include({ role, endpoint, dids }: Party): boolean {
    if (role === 'extension') return this.#isExtension(endpoint);
    return this.#isTrunk(endpoint) || [...dids].some(this.#isDid);
  }
}
