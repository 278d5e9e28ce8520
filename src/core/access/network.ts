/** What counts as one client: an IPv4 address, or the network of an IPv6 one, in which everybody may choose addresses. */

/** Four groups of sixteen bits: what one customer gets at least. */
const IPV6_NETWORK_GROUPS = 4;
const IPV6_GROUPS = 8;

/** The IPv4 address itself (also of `::ffff:192.0.2.1`); of an IPv6 address the first 64 bits; other text as it is. */
export function networkOf(address: string): string {
  const [bare = ''] = address.toLowerCase().split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!bare.includes(':')) return bare;
  const [head = '', tail] = bare.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups
    .slice(0, IPV6_NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
