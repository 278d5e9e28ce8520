/**
 * Which format to ask Asterisk for.
 *
 * Asterisk hands over a channel's own rate at the least cost, so that is asked for. While a phone still rings, several
 * codecs may be on offer, and a snoop made then runs at the rate of the best of them whatever the answer will be; with
 * that, the wanted rate is asked for, which no later answer can turn into a loss.
 */

import { type MediaFormat, slinFor } from './rtp/payload-format.js';

/** Hz of Asterisk's formats that are not 8000 Hz and have no rate in their name. */
const RATE_OF_FORMAT: Readonly<Record<string, number>> = {
  g719: 48000,
  g722: 16000,
  opus: 48000,
  siren7: 16000,
  siren14: 32000,
};
const TELEPHONE_RATE_HZ = 8000;

/**
 * Asterisk's name of the format to ask for, such as `slin16`. `nativeFormats` is what `CHANNEL(audionativeformat)` says,
 * such as `(ulaw|g722)`, undefined when it could not be learnt; `wantedHz` is the rate of the stream.
 */
export function formatToAskFor(setting: MediaFormat, nativeFormats: string | undefined, wantedHz: number): string {
  if (setting !== 'auto') return setting;
  const [rate, ...others] = new Set(formatNamesIn(nativeFormats ?? '').map(rateOfFormat));
  return slinFor(rate !== undefined && others.length === 0 ? rate : wantedHz) ?? 'slin';
}

function formatNamesIn(list: string): string[] {
  return (list.match(/[\w.-]+/g) ?? []).filter((name) => name !== 'nothing');
}

/** `slin16`, `speex32`, `silk24`: a number at the end is the rate in kHz, but not in `g729` and its kin. */
function rateOfFormat(name: string): number {
  const known = RATE_OF_FORMAT[name];
  if (known !== undefined) return known;
  const kHz = /^(?:slin|speex|silk)(\d+)$/.exec(name)?.[1];
  if (kHz === undefined) return TELEPHONE_RATE_HZ;
  return kHz === '44' ? 44100 : Number(kHz) * 1000;
}
