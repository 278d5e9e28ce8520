/** The program of a media thread. */

import { clockOriginMs, thisThread } from '../../io/thread.js';
import { PlaneService } from './plane-service.js';
import type { FromMediaThread, MediaThreadStart, ToMediaThread } from './thread-messages.js';

const { data, post, onMessage, rest } = thisThread<MediaThreadStart, FromMediaThread, ToMediaThread>();
const service = await PlaneService.open(data, clockOriginMs(), post, rest);
onMessage((message) => void service?.handle(message));
