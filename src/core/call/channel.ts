/** A channel as Asterisk shows it, and what its name tells: `PJSIP/1009-00000007` is technology PJSIP, endpoint 1009. */

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** Answered: the state is Up. */
  readonly isUp: boolean;
  /** The party's own number, as Asterisk's caller id of this channel says; may be empty. */
  readonly number: string;
  /** Asterisk's id of the call that the channel belongs to, where it came with the channel. */
  readonly linkedid: string | undefined;
}

/** Technologies whose channels are machinery inside Asterisk and no party of a call. */
const MACHINERY = new Set([
  'Announcer',
  'AsyncGoto',
  'AudioSocket',
  'Bridge',
  'CBAnn',
  'CBRec',
  'ConfBridgeRec',
  'Local',
  'Message',
  'MulticastRTP',
  'OutgoingSpoolFailed',
  'Parked',
  'Recorder',
  'Snoop',
  'Surrogate',
  'UnicastRTP',
  'WebSocket',
]);

export function technologyOf(channelName: string): string {
  return channelName.slice(0, Math.max(0, channelName.indexOf('/')));
}

/** The endpoint that a channel belongs to: its name without technology and the serial number at its end. */
export function endpointOf(channelName: string): string {
  return channelName.slice(channelName.indexOf('/') + 1).replace(/-[0-9a-f]+$/i, '');
}

/** Whether somebody listens and speaks there: a phone, a trunk; no machinery, and no half of a masquerade. */
export function isParticipant(channelName: string): boolean {
  const technology = technologyOf(channelName);
  return technology !== '' && !MACHINERY.has(technology) && !/<(?:MASQ|ZOMBIE)>$/.test(channelName);
}
