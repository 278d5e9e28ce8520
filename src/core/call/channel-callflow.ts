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

/** One Dial of several parties is a ring group; one extension's several phones (`PJSIP/1009/sip:…`) are one party. */
function dialsSeveral(applicationData: string): boolean {
  const dialstrings = applicationData.split(',', 1)[0]?.split('&') ?? [];
  return new Set(dialstrings.map((dialstring) => dialstring.replace(/\/sips?:.*$/, ''))).size > 1;
}

/** Asterisk knows its applications by any case. */
function matcherFor({ by, pattern }: CallflowRule): NameMatcher {
  if (by === 'context') return globMatcher([pattern]);
  const lower = pattern.toLowerCase();
  return (name) => name.toLowerCase() === lower;
}

type Place = Pick<Channel, 'context' | 'exten' | 'application' | 'applicationData'>;

/** One channel's way through the dialplan. */
export class ChannelCallflow {
  readonly #rules: CallflowRules;
  #byContext: Callflow = '';
  #byApplication: Callflow = '';
  #last: Place = { context: '', exten: '', application: '', applicationData: '' };

  constructor(rules: CallflowRules) {
    this.#rules = rules;
  }

  get word(): Callflow {
    return this.#byApplication || this.#byContext;
  }

  /** The channel has come to where it is now. Returns whether that is somewhere else, and a rule knows it. */
  step({ context, exten, application, applicationData }: Channel): boolean {
    const last = this.#last;
    const hasMoved = last.context !== context || last.exten !== exten;
    if (!hasMoved && last.application === application && last.applicationData === applicationData) return false;
    // Page runs a conference of its own, without a step in the dialplan.
    if (!hasMoved && last.application === 'Page' && application === 'ConfBridge') return false;

    this.#last = { context, exten, application, applicationData };
    const byContext = this.#rules.find('context', context);
    this.#byContext = byContext ?? this.#byContext;
    const isGroup = application === 'Dial' && dialsSeveral(applicationData);
    const byApplication = isGroup ? 'ringgroup' : this.#rules.find('app', application);
    this.#byApplication = byApplication ?? this.#byApplication;
    return (byApplication ?? byContext) !== undefined;
  }
}

export function callflowOf(words: readonly Callflow[]): Callflow {
  return PRECEDENCE.find((word) => words.includes(word)) ?? '';
}
