/** One party of a call: what its channel shows, its role, and how far its stream has come. */

import { type Channel, endpointOf, isHusk, technologyOf } from './channel.js';
import { type CallflowRules, ChannelCallflow } from './channel-callflow.js';
import { didIn } from './did.js';
import type { NameMatcher } from './name-pattern.js';
import { dialledNumber, partyNumber } from './party-number.js';
import type { Party } from './subscriptions.js';

export interface PartyRules {
  /** Technologies whose channels are parties of calls, such as `PJSIP`. */
  readonly technologies: ReadonlySet<string>;
  readonly isTrunkName: NameMatcher;
  /** By the context in which an endpoint's channels begin. */
  readonly isTrunkContext: NameMatcher;
  readonly callflows: CallflowRules;
}

/** `seen`: nothing is done; `armed`: tapped, nothing is streamed; `open`: its audio is streamed. */
export type Stage = 'seen' | 'armed' | 'open';

/** Applications that Asterisk shows for a leg which somebody dialled. */
const DIALLED = new Set(['AppDial', 'AppDial2', 'AppQueue']);

export class Participant implements Party {
  readonly endpoint: string;
  readonly role: 'extension' | 'trunk';
  readonly dids = new Set<string>();
  stage: Stage = 'seen';
  #channel: Channel;
  #isDialled = false;
  /** The number that was dialled to reach it. */
  #dialled: string | undefined;
  readonly #callflow: ChannelCallflow;

  constructor(channel: Channel, rules: PartyRules) {
    this.#channel = channel;
    this.endpoint = endpointOf(channel.name);
    const home = channel.homeContext ?? channel.context;
    this.role = rules.isTrunkName(this.endpoint) || rules.isTrunkContext(home) ? 'trunk' : 'extension';
    this.#callflow = new ChannelCallflow(rules.callflows);
    this.#learn(channel);
    // The number dialled is where an inbound channel begins; later it is somewhere else in the dialplan.
    const did = this.#isDialled ? undefined : didIn(channel.exten);
    if (did !== undefined) this.dids.add(did);
  }

  get channel(): Channel {
    return this.#channel;
  }

  get id(): string {
    return this.#channel.id;
  }

  get number(): string {
    return partyNumber(this.#channel, this.role === 'trunk' ? this.#dialled : undefined);
  }

  get callflow() {
    return this.#callflow.word;
  }

  /** It may be an inbound trunk call: it was not dialled by us. */
  get mayBeInbound(): boolean {
    return this.role === 'trunk' && !this.#isDialled;
  }

  /** A masquerade has put another party into this channel: its name says so, and a tap on the old one is gone. */
  isReplacedBy({ name }: Channel): boolean {
    return name !== this.#channel.name && !isHusk(name);
  }

  /**
   * It has picked up a ringing leg, and taken its place: who called by himself and had answered is a dialled leg now. Asterisk
   * tells of that masquerade in no other way, and a snoop that was there before it goes on with silence.
   */
  picksUp({ application }: Channel): boolean {
    return !this.#isDialled && this.#channel.isUp && DIALLED.has(application);
  }

  /**
   * The channel has changed; returns whether it has come to a place in the dialplan that tells a callflow. A husk's name is
   * not taken over: what was streamed keeps its label.
   */
  update(channel: Channel): boolean {
    if (isHusk(channel.name)) return false;
    this.#channel = channel;
    return this.#learn(channel);
  }

  /** It was dialled, by this dial string. */
  onDialled(dialstring: string): void {
    this.#isDialled = true;
    const number = dialledNumber(dialstring);
    if (number !== this.endpoint) this.#dialled ??= number;
  }

  #learn(channel: Channel): boolean {
    const did = channel.fromDid === undefined ? undefined : didIn(channel.fromDid);
    if (did !== undefined) this.dids.add(did);
    if (DIALLED.has(channel.application)) {
      this.#isDialled = true;
      return false;
    }
    // While a dialled leg rings, the dialplan it runs is preparation (Dial's option b). Once up it may be transferred into one.
    return (!this.#isDialled || channel.isUp) && this.#callflow.step(channel);
  }
}

/** Whether somebody listens and speaks at this channel: a phone or a trunk, no machinery inside Asterisk. */
export function isParty({ name }: Channel, { technologies }: PartyRules): boolean {
  return technologies.has(technologyOf(name)) && !isHusk(name);
}
