/** The media planes as the control side sees them, and one of them: in this thread or in another, which makes no difference. */

import type { MediaAnswers, MediaNews, PlaneAnswers, PlaneNews } from './media-news.js';
import type { MediaOrder, MediaQuestion, PlaneOrder, PlaneQuestion } from './media-orders.js';

/** A UDP socket to which audio comes. */
export interface MediaSocket {
  readonly host: string;
  readonly port: number;
  /** What the kernel granted, in octets; Linux reports twice the usable size. */
  readonly receiveBufferOctets: number;
}

export type NewsListener = (news: MediaNews) => void;

export interface Media {
  readonly sockets: readonly MediaSocket[];
  /** Where this tap's packets are awaited. */
  socketOf(tap: number): MediaSocket;
  /** There is one listener. Without one, news is lost. */
  hear(listener: NewsListener): void;
  /** Orders about one participant, or one call, are carried out in the order in which they are given. */
  order(order: MediaOrder): void;
  /** The answer comes after all that the orders before it have brought about where they went. */
  ask<Kind extends MediaQuestion['kind']>(
    question: Extract<MediaQuestion, { readonly kind: Kind }>,
  ): Promise<MediaAnswers[Kind]>;
  /** Resolves when the sockets are closed and all news has been told. */
  close(): Promise<void>;
}

export interface Plane {
  readonly socket: MediaSocket;
  /** There is one listener. Without one, news is lost. */
  hear(listener: (news: PlaneNews) => void): void;
  /** Orders are carried out in the order in which they are given. */
  order(order: PlaneOrder): void;
  /** The answer comes after all that the orders before it have brought about. */
  ask<Kind extends PlaneQuestion['kind']>(
    question: Extract<PlaneQuestion, { readonly kind: Kind }>,
  ): Promise<PlaneAnswers[Kind]>;
  /** Resolves when the socket is closed and all news has been told. */
  close(): Promise<void>;
}
