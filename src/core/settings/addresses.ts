/** Reads hosts, HOST:PORT and web addresses without the platform's URL type, which core does not have (RFC 3986). */

export interface HostPort {
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  /** 0 to 65535; 0 asks the machine for any free port. */
  readonly port: number;
}

export interface WebAddress {
  /** In small letters, such as `https`. */
  readonly scheme: string;
  /** What stands before `@`, if anything does: credentials. */
  readonly userInfo: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

const MAX_PORT = 65_535;
const MAX_HOST_CHARACTERS = 253;
const IPV6_GROUPS = 8;

/** `192.0.2.1:40000`, `pbx.example.com:40000` or `[2001:db8::1]:40000`. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, ipv6, name, digits] = match;
  const port = Number(digits);
  if (port > MAX_PORT) return undefined;
  if (ipv6 !== undefined) return isIpv6(ipv6) ? { host: ipv6, port } : undefined;
  return name !== undefined && isNameOrIpv4(name) ? { host: name, port } : undefined;
}

/** `192.0.2.1:40000` or `[2001:db8::1]:40000`. */
export function hostPort(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A host alone; an IPv6 address may stand in brackets or not. */
export function parseHost(text: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (isIpv6(bare)) return bare;
  return isNameOrIpv4(text) ? text : undefined;
}

/** The parts of `scheme://[userinfo@]host[:port][/path][?query][#fragment]`, or nothing when it is not of that form. */
export function parseWebAddress(text: string): WebAddress | undefined {
  const match =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[^[\]/?#@]*\]|[^/?#@:[\]]+)(?::(\d{1,5}))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(
      text,
    );
  if (match === null) return undefined;
  const [, scheme = '', userInfo, hostText = '', digits, path = '', query, fragment] = match;
  const host = parseHost(hostText);
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && (port < 1 || port > MAX_PORT))) return undefined;
  if (path !== '' && !path.startsWith('/')) return undefined;
  if (![path, query, fragment].every((part) => part === undefined || hasUrlCharacters(part))) return undefined;
  return { scheme: scheme.toLowerCase(), userInfo, host, port, path, query, fragment };
}

/** Whether this address means "every address of this machine", to which nobody can send. */
export function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || (isIpv6(host) && /^[0:.]*$/.test(host));
}

function isNameOrIpv4(text: string): boolean {
  if (text.length > MAX_HOST_CHARACTERS) return false;
  const labels = text.split('.');
  if (!labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))) return false;
  // Names whose last label is a number are IPv4 addresses to every URL reader, so a half one is a mistake.
  const looksLikeIpv4 = /^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '');
  return !looksLikeIpv4 || isIpv4(text);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** RFC 4291, section 2.2: eight groups, one run of zero groups written `::`, and perhaps an IPv4 address at the end. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const endsInIpv4 = isIpv4(last) && text.endsWith(last);
  const hex = endsInIpv4 ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = hex.length + (endsInIpv4 ? 2 : 0);
  return halves.length === 2 ? count < IPV6_GROUPS : count === IPV6_GROUPS;
}

function hasUrlCharacters(text: string): boolean {
  return /^(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*$/i.test(text);
}
