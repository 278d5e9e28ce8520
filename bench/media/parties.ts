/** The simulated participants by their number from 0 on, two to a call, and how a receiver tells them apart. */
import type { Channel } from '../../src/core/call/channel.js';
import type { Label } from '../../src/core/relay/protocol.js';

const FIRST_NUMBER = 1000;
const FIRST_SECOND = 1_700_000_000;
const SERIAL_DIGITS = 8;
const HEX = 16;
/** `"}`, with which every message ends behind the serial number. */
const AFTER_SERIAL = 2;

export function channelOf(index: number): Channel {
  const { number, channelid, callid } = labelOf(index);
  return {
    id: `${second(index)}.${index}`,
    name: channelid,
    isUp: true,
    number,
    homeContext: undefined,
    context: 'internal',
    exten: number,
    application: 'Dial',
    applicationData: '',
    linkedid: callid,
    fromDid: '',
  };
}

export function labelOf(index: number): Label {
  const number = String(FIRST_NUMBER + index);
  const serial = index.toString(HEX).padStart(SERIAL_DIGITS, '0');
  const callid = `${second(index)}.${index - (index % 2)}`;
  return { callid, callflow: '', number, channelid: `PJSIP/${number}-${serial}` };
}

/** Whose message this is, by the serial number in the channel's name at its end; NaN for no message of ours. */
export function partyOf(message: Buffer): number {
  const end = message.length - AFTER_SERIAL;
  return Number.parseInt(message.toString('latin1', end - SERIAL_DIGITS, end), HEX);
}

function second(index: number): number {
  return FIRST_SECOND + Math.floor(index / 2);
}
