/** How many datagrams Linux has thrown away for want of room in a UDP socket's receive buffer (proc_net_udp). */

import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';

const TABLES = { udp4: '/proc/net/udp', udp6: '/proc/net/udp6' } as const;
const HEX = 16;

/** Undefined where it can't be learnt: on other systems than Linux. */
export async function kernelDrops(host: string, port: number): Promise<number | undefined> {
  const table = await readFile(TABLES[isIPv6(host) ? 'udp6' : 'udp4'], 'utf8').catch(() => undefined);
  return table === undefined ? undefined : dropsIn(table, port);
}

/** The same for several sockets together. */
export async function kernelDropsOf(
  sockets: readonly { readonly host: string; readonly port: number }[],
): Promise<number | undefined> {
  const known = await Promise.all(sockets.map(({ host, port }) => kernelDrops(host, port)));
  return known.reduce((sum, drops) =>
    sum === undefined && drops === undefined ? undefined : (sum ?? 0) + (drops ?? 0),
  );
}

/** The drops of the sockets at this port, its local address being in the second column and the drops in the last. */
export function dropsIn(table: string, port: number): number | undefined {
  const rows = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const drops = rows
    .filter(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', HEX) === port)
    .map((columns) => Number(columns.at(-1)));
  return drops.length === 0 ? undefined : drops.reduce((sum, count) => sum + count, 0);
}
