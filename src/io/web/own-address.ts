/** What a browser calls us: which hosts are ours (against DNS rebinding), and which pages' requests are (against CSRF). */
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { parseHost } from '../../core/settings/addresses.js';

const ALWAYS_OURS = ['localhost', 'localhost.localdomain', 'ip6-localhost'];

/**
 * Whether this Host may be answered. An address always may: rebinding needs a name that its attacker owns. On a loopback
 * address no other name than ours can be meant; elsewhere any may be, unless names are given.
 */
export function hostCheck(listenHost: string, names: readonly string[]): (host: string) => boolean {
  const ours = new Set([...ALWAYS_OURS, listenHost, ...names].map((name) => name.toLowerCase()));
  const isOpen = names.length === 0 && !isLoopback(listenHost);
  return (authority) => {
    // The dot at the end of a name that is complete in itself (RFC 1034, section 3.1).
    const [, text = ''] = /^(\[[^\]]*\]|[^:]*?)\.?(?::\d{1,5})?$/.exec(authority) ?? [];
    const host = parseHost(text)?.toLowerCase();
    if (host === undefined) return false;
    return isOpen || isIP(host) !== 0 || ours.has(host);
  };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** Our own address as this request's browser sees it, such as `https://pbx.example.com`; nothing when it makes no sense. */
export function ownOrigin(request: FastifyRequest): string | undefined {
  const { protocol, host } = request;
  if (protocol !== 'http' && protocol !== 'https') return undefined;
  return URL.canParse(`${protocol}://${host}`) ? new URL(`${protocol}://${host}`).origin : undefined;
}

/** Whether a page of ours sent this, as far as the browser says. `required`: what says nothing is none of ours. */
export function isFromOurPage(request: FastifyRequest, required: 'required' | 'if-given'): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) return origin === ownOrigin(request);
  if (required === 'required') return false;
  return site === undefined || site === 'same-origin' || site === 'none';
}
