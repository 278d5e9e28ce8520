/** What Asterisk is told to send audio to. */

import { hostPort } from '../core/settings/addresses.js';
import type { MediaSettings } from '../core/settings/settings.js';

/** HOST:PORT. An advertised port that differs from the bound one is somebody's port forwarding. */
export function advertisedAddress({ advertise, listen }: MediaSettings, boundPort: number): string {
  return hostPort(advertise.host, advertise.port ?? (listen.port === 0 ? boundPort : listen.port));
}
