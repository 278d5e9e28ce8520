/** A channel as Asterisk shows it, and what its name tells: `PJSIP/1009-00000007` is technology PJSIP, endpoint 1009. */

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** Answered: the state is Up. */
  readonly isUp: boolean;
  /** The party's own number, as Asterisk's caller id of this channel says; may be empty. */
  readonly number: string;
  /** The context that its endpoint's calls begin in, where that had to be asked for since the channel is past it. */
  readonly homeContext: string | undefined;
  /** Where the channel is in the dialplan, and the application at work there; empty where it is nowhere. */
  readonly context: string;
  readonly exten: string;
  readonly application: string;
  readonly applicationData: string;
  /** Asterisk's id of the call that the channel belongs to, where it came with the channel. */
  readonly linkedid: string | undefined;
  /** The variable FROM_DID, which FreePBX sets, where it came with the channel. */
  readonly fromDid: string | undefined;
}

export function technologyOf(channelName: string): string {
  return channelName.slice(0, Math.max(0, channelName.indexOf('/')));
}

/** The endpoint that a channel belongs to: its name without technology and the serial number at its end. */
export function endpointOf(channelName: string): string {
  return channelName.slice(channelName.indexOf('/') + 1).replace(/-[0-9a-f]+$/i, '');
}

/** Whether a channel is the husk that a masquerade leaves behind, or one half of a masquerade under way. */
export function isHusk(channelName: string): boolean {
  return /<(?:MASQ|ZOMBIE)>$/.test(channelName) || channelName.startsWith('Surrogate/');
}
