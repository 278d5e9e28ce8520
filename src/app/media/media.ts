/** The media plane as the control side sees it: in this thread or in another, which makes no difference to anybody. */

import type { MediaAnswers, MediaNews } from './media-news.js';
import type { MediaOrder, MediaQuestion } from './media-orders.js';

/** The UDP socket to which the audio comes. */
export interface MediaSocket {
  readonly host: string;
  readonly port: number;
  /** What the kernel granted, in octets; Linux reports twice the usable size. */
  readonly receiveBufferOctets: number;
}

export type NewsListener = (news: MediaNews) => void;

export interface Media {
  readonly socket: MediaSocket;
  /** There is one listener. Without one, news is lost. */
  hear(listener: NewsListener): void;
  /** Orders are carried out in the order in which they are given. */
  order(order: MediaOrder): void;
  /** The answer comes after all that the orders before it have brought about. */
  ask<Kind extends MediaQuestion['kind']>(
    question: Extract<MediaQuestion, { readonly kind: Kind }>,
  ): Promise<MediaAnswers[Kind]>;
  /** Resolves when the socket is closed and all news has been told. */
  close(): Promise<void>;
}
