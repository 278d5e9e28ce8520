/** A media plane in a thread of its own, so that nothing else that this program does holds the audio up. */

import { StreamError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { streamErrorOf } from '../../core/plain-error.js';
import { clockOriginMs, Thread } from '../../io/thread.js';
import { HangWatch } from './hang-watch.js';
import type { MediaSocket, Plane } from './media.js';
import type { PlaneAnswers, PlaneNews } from './media-news.js';
import type { PlaneOrder, PlaneQuestion } from './media-orders.js';
import type { PlaneStart } from './open-plane.js';
import type { FromMediaThread, MediaThreadStart, ToMediaThread } from './thread-messages.js';

/** The way to a media thread. */
export interface MediaThreadLink {
  post(message: ToMediaThread): void;
  /** Ends the thread at once. */
  end(): Promise<void>;
}

const PROGRAM = new URL('./media-worker.js', import.meta.url);
/** One that is stuck is ended all the same. */
const CLOSE_LIMIT_MS = 1000;

export class MediaThread implements Plane {
  readonly socket: MediaSocket;
  readonly #link: MediaThreadLink;
  readonly #answers = new Map<number, (answer: never) => void>();
  #asked = 0;
  #tell: (news: PlaneNews) => void = () => undefined;
  #onClosed: () => void = () => undefined;
  #hangWatch: HangWatch | undefined;

  constructor(link: MediaThreadLink, socket: MediaSocket) {
    this.#link = link;
    this.socket = socket;
  }

  /**
   * Rejects with OPUS_UNAVAILABLE, MEDIA_LISTEN_FAILED. A thread that breaks later has met a bug of ours, and breaks this
   * thread as it would have without threads: by an exception that nobody catches.
   */
  static open(start: PlaneStart, log: Log): Promise<MediaThread> {
    const data: MediaThreadStart = { ...start, clockOriginMs: clockOriginMs(), isDebug: log.isDebugEnabled() };
    return new Promise((resolve, reject) => {
      let media: MediaThread | undefined;
      const thread = new Thread<ToMediaThread, FromMediaThread>(PROGRAM, data, {
        onMessage: (message) => {
          if (message.kind === 'log') log[message.level](message.message, message.fields);
          else if (message.kind === 'opened') {
            media = new MediaThread(thread, message.socket);
            media.#watch();
            resolve(media);
          } else if (message.kind === 'refused') {
            void thread.end();
            reject(streamErrorOf(message.error));
          } else media?.onMessage(message);
        },
        onFailed: (error) => {
          media?.stopWatching();
          const failure = new StreamError('UNEXPECTED', 'us', `the media thread broke: ${error.message}`, error);
          // Where it broke is of use, and not where that was heard.
          if (error.stack !== undefined) failure.stack = error.stack;
          throw failure;
        },
      });
    });
  }

  hear(listener: (news: PlaneNews) => void): void {
    this.#tell = listener;
  }

  order(order: PlaneOrder): void {
    this.#link.post({ kind: 'order', order });
  }

  /** Once the thread is closed, no answer comes any more. */
  ask<Kind extends PlaneQuestion['kind']>(
    question: Extract<PlaneQuestion, { readonly kind: Kind }>,
  ): Promise<PlaneAnswers[Kind]> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#link.post({ kind: 'ask', id, question });
    });
  }

  /** What hangs from now on is told by others. */
  stopWatching(): void {
    this.#hangWatch?.stop();
  }

  async close(): Promise<void> {
    this.stopWatching();
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, CLOSE_LIMIT_MS);
      this.#onClosed = () => {
        clearTimeout(limit);
        resolve();
      };
      this.#link.post({ kind: 'close' });
    });
    await this.#link.end();
  }

  /** A thread that hangs ends the program as one that breaks does. */
  #watch(): void {
    const onHang = (): void => {
      throw new StreamError('UNEXPECTED', 'us', 'the media thread has not answered for 30 s');
    };
    this.#hangWatch = new HangWatch(() => this.ask({ kind: 'pulse' }), onHang);
  }

  /** What the thread says once it is open, but for its log. */
  onMessage(message: Extract<FromMediaThread, { readonly kind: 'news' | 'answer' | 'closed' }>): void {
    switch (message.kind) {
      case 'news':
        this.#tell(message.news);
        return;
      case 'answer':
        this.#answers.get(message.id)?.(message.answer as never);
        this.#answers.delete(message.id);
        return;
      case 'closed':
        this.#onClosed();
        return;
    }
  }
}
