/** Opens the media planes where the settings want them: one in this thread, or each in a thread of its own. */

import type { Log } from '../../core/log.js';
import type { MediaSettings } from '../../core/settings/settings.js';
import { listenAddresses } from '../advertised-address.js';
import type { StreamingOptions } from '../call-streams.js';
import type { Media } from './media.js';
import { MediaRouter } from './media-router.js';
import { MediaThread } from './media-thread.js';
import { openPlane } from './open-plane.js';

/** Rejects with OPUS_UNAVAILABLE, MEDIA_LISTEN_FAILED; nothing is open then. */
export async function openMedia(
  media: Pick<MediaSettings, 'listen' | 'format' | 'workers'>,
  streaming: StreamingOptions,
  log: Log,
): Promise<Media> {
  const addresses = listenAddresses(media);
  const shared = { wantsOpus: media.format === 'opus', streaming, planes: addresses.length };
  const starts = addresses.map((listen) => ({ ...shared, listen }));
  const opening = starts.map((start) => (media.workers === 0 ? openPlane(start, log) : MediaThread.open(start, log)));
  const planes = await Promise.all(opening).catch(async (problem: unknown) => {
    for (const one of await Promise.allSettled(opening)) if (one.status === 'fulfilled') await one.value.close();
    throw problem;
  });
  return new MediaRouter(planes, streaming.stream);
}
