/** What the settings of the page's web server may look like. */
import { parseHost } from './addresses.js';
import type { TextFormat } from './formats.js';

const MAX_PATH_CHARACTERS = 255;
const IPV4_BITS = 32;
const IPV6_BITS = 128;

export const BASE_PATH: TextFormat = {
  allowed: 'a path that begins with a slash and does not end in one, such as /audio',
  faultIn(text) {
    if (text.length > MAX_PATH_CHARACTERS) return `is ${text.length} characters long`;
    if (!text.startsWith('/')) return 'does not begin with a slash';
    if (text.endsWith('/')) return 'ends in a slash: leave it out';
    if (!/^(?:\/[\w.~-]+)+$/.test(text)) return 'holds a character that is not allowed, or two slashes in a row';
    return text.split('/').some((part) => part === '.' || part === '..') ? 'has a part that is . or ..' : undefined;
  },
};

export const PROXY: TextFormat = {
  allowed: 'addresses, or networks in CIDR notation, such as 127.0.0.1, ::1 or 10.0.0.0/8',
  faultIn(text) {
    const [address = '', bits, ...rest] = text.split('/');
    if (rest.length > 0 || address.startsWith('[') || !isAddress(address)) return 'is no address and no network';
    if (bits === undefined) return undefined;
    const most = address.includes(':') ? IPV6_BITS : IPV4_BITS;
    if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return `has a part behind the slash that is not 1 to ${most}`;
    return Number(bits) === 0 ? 'trusts every address, so everybody could claim to be anybody' : undefined;
  },
};

export const HOST_NAME: TextFormat = {
  allowed: 'host names without a port, such as pbx.example.com',
  faultIn: (text) => (parseHost(text) === undefined ? 'is not a host name' : undefined),
};

function isAddress(text: string): boolean {
  return parseHost(text) !== undefined && (text.includes(':') || /^[\d.]+$/.test(text));
}
