/** Base64 with padding (RFC 4648, section 4), read strictly. Neither Node's `Buffer` nor a browser's `atob` is known here. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = '=';
const NO_DIGIT = 0xff;

const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** The octets; undefined for text that no encoder writes: strange characters, missing padding, bits left over that are not 0. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith(PADDING) ? 1 : 0;
  const octets = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let index = 0; index < digits; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? NO_DIGIT;
    if (value === NO_DIGIT) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    octets[at++] = bits >> bitCount;
  }
  return (bits & ((1 << bitCount) - 1)) === 0 ? octets : undefined;
}
