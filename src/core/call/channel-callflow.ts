/**
 * What a caller is in at the moment: a menu, a queue, a ring group … read off the dialplan by rules.
 *
 * Two things tell: the application at work, and the context, which FreePBX names after the feature. A context's word
 * holds until the caller comes to another context that has one; an application's until one that speaks with somebody
 * begins.
 */

import type { Callflow, CallflowRule } from '../callflow.js';
import type { Channel } from './channel.js';
import { globMatcher, type NameMatcher } from './name-pattern.js';

const app = (pattern: string, callflow: Callflow): CallflowRule => ({ by: 'app', pattern, callflow });
const context = (pattern: string, callflow: Callflow): CallflowRule => ({ by: 'context', pattern, callflow });

/** Right for plain Asterisk (applications) and for FreePBX (contexts). */
export const DEFAULT_RULES: readonly CallflowRule[] = [
  app('Queue', 'queue'),
  app('ConfBridge', 'conference'),
  app('MeetMe', 'conference'),
  app('Page', 'multicast_paging'),
  app('BackGround', 'ivr'),
  app('BackgroundDetect', 'ivr'),
  app('WaitExten', 'ivr'),
  app('Read', 'ivr'),
  app('Stasis', 'cfd'),
  app('Dial', ''),
  app('VoiceMail', ''),
  app('VoiceMailMain', ''),
  app('Echo', ''),
  app('Park', ''),
  app('Record', ''),
  context('ext-queues', 'queue'),
  context('ext-group', 'ringgroup'),
  context('ivr-*', 'ivr'),
  context('ext-meetme', 'conference'),
  context('app-pagegroups', 'multicast_paging'),
  context('ext-paging', 'multicast_paging'),
  context('app-daynight*', 'cfd'),
  context('dynroute*', 'cfd'),
  context('from-did-direct', ''),
  context('ext-local', ''),
  context('from-internal', ''),
];

/** When participants are in different flows, the call is in the first of these. */
const PRECEDENCE: readonly Callflow[] = ['multicast_paging', 'conference', 'queue', 'ringgroup', 'ivr', 'cfd', ''];

interface CompiledRule extends CallflowRule {
  readonly matches: NameMatcher;
}

export class CallflowRules {
  readonly #rules: readonly CompiledRule[];

  /** `own` come before the built-in ones: the first that matches decides. */
  constructor(own: readonly CallflowRule[]) {
    this.#rules = [...own, ...DEFAULT_RULES].map((rule) => ({ ...rule, matches: matcherFor(rule) }));
  }

  find(by: 'app' | 'context', name: string): Callflow | undefined {
    if (name === '') return undefined;
    return this.#rules.find((rule) => rule.by === by && rule.matches(name))?.callflow;
  }
}

/** Asterisk knows its applications by any case. */
function matcherFor({ by, pattern }: CallflowRule): NameMatcher {
  if (by === 'context') return globMatcher([pattern]);
  const lower = pattern.toLowerCase();
  return (name) => name.toLowerCase() === lower;
}

/** One channel's way through the dialplan. */
export class ChannelCallflow {
  readonly #rules: CallflowRules;
  #byContext: Callflow = '';
  #byApplication: Callflow = '';

  constructor(rules: CallflowRules) {
    this.#rules = rules;
  }

  get word(): Callflow {
    return this.#byApplication || this.#byContext;
  }

  /** The channel has come to where it is now. */
  step({ context, application, applicationData }: Channel): void {
    this.#byContext = this.#rules.find('context', context) ?? this.#byContext;
    // One Dial of several phones is a ring group.
    const isGroup = application === 'Dial' && applicationData.split(',')[0]?.includes('&') === true;
    this.#byApplication = isGroup ? 'ringgroup' : (this.#rules.find('app', application) ?? this.#byApplication);
  }
}

export function callflowOf(words: readonly Callflow[]): Callflow {
  return PRECEDENCE.find((word) => words.includes(word)) ?? '';
}
