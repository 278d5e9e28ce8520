/** Opens the media plane where the settings want it: in this thread, or in one of its own. */

import type { Log } from '../../core/log.js';
import type { MediaSettings } from '../../core/settings/settings.js';
import type { StreamingOptions } from '../call-streams.js';
import type { Media } from './media.js';
import { MediaThread } from './media-thread.js';
import { openPlane } from './open-plane.js';

/** Rejects with OPUS_UNAVAILABLE, MEDIA_LISTEN_FAILED. */
export async function openMedia(
  { listen, format, workers }: Pick<MediaSettings, 'listen' | 'format' | 'workers'>,
  streaming: StreamingOptions,
  log: Log,
): Promise<Media> {
  const start = { listen, wantsOpus: format === 'opus', streaming };
  return workers === 0 ? openPlane(start, log) : MediaThread.open(start, log);
}
