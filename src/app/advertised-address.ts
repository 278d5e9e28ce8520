/** Where audio is awaited, and what Asterisk is told to send it to. */

import { type HostPort, hostPort } from '../core/settings/addresses.js';
import type { MediaSettings } from '../core/settings/settings.js';

/** One address for each thread of the audio, their ports one after the other; port 0 is any free port for each. */
export function listenAddresses({ listen, workers }: Pick<MediaSettings, 'listen' | 'workers'>): HostPort[] {
  const { host, port } = listen;
  return Array.from({ length: Math.max(1, workers) }, (_, index) => ({ host, port: port === 0 ? 0 : port + index }));
}

/**
 * HOST:PORT for the socket at this port. An advertised port that differs from that of `listen` is somebody's port
 * forwarding, the one after it is for the next socket.
 */
export function advertisedAddress({ advertise, listen }: MediaSettings, boundPort: number): string {
  const after = listen.port === 0 ? 0 : boundPort - listen.port;
  return hostPort(advertise.host, advertise.port === undefined ? boundPort : advertise.port + after);
}
