/** What goes between the control thread and a media thread: orders and questions there, news, answers and log lines back. */

import type { LogFields } from '../../core/log.js';
import type { PlainError } from '../../core/plain-error.js';
import type { AnyAnswer } from './clock-shift.js';
import type { MediaSocket } from './media.js';
import type { PlaneNews } from './media-news.js';
import type { PlaneOrder, PlaneQuestion } from './media-orders.js';
import type { PlaneStart } from './open-plane.js';

/** What a media thread begins with. */
export interface MediaThreadStart extends PlaneStart {
  /** The zero of the control thread's clock (clockOriginMs). */
  readonly clockOriginMs: number;
  /** Lines of the level debug are wanted. */
  readonly isDebug: boolean;
}

export type ToMediaThread =
  | { readonly kind: 'order'; readonly order: PlaneOrder }
  | { readonly kind: 'ask'; readonly id: number; readonly question: PlaneQuestion }
  | { readonly kind: 'close' };

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export type FromMediaThread =
  /** It takes orders from now on. */
  | { readonly kind: 'opened'; readonly socket: MediaSocket }
  /** It could not be opened. */
  | { readonly kind: 'refused'; readonly error: PlainError }
  | { readonly kind: 'news'; readonly news: PlaneNews }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: AnyAnswer }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: LogFields | undefined;
    }
  /** Nothing follows. */
  | { readonly kind: 'closed' };
