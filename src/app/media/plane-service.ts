/** The inside of a media thread: opens its plane, carries out what comes, and posts what comes of it. */

import { StreamError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { plainError } from '../../core/plain-error.js';
import { shiftedAnswer, shiftedNews, shiftedOrder } from './clock-shift.js';
import type { MediaPlane } from './media-plane.js';
import { openPlane } from './open-plane.js';
import type { FromMediaThread, LogLevel, MediaThreadStart, ToMediaThread } from './thread-messages.js';

export class PlaneService {
  readonly #plane: MediaPlane;
  readonly #log: PostedLog;
  readonly #post: (message: FromMediaThread) => void;
  /** What makes times of this thread's clock of the control thread's. */
  readonly #shiftMs: number;

  private constructor(plane: MediaPlane, log: PostedLog, post: (message: FromMediaThread) => void, shiftMs: number) {
    this.#plane = plane;
    this.#log = log;
    this.#post = post;
    this.#shiftMs = shiftMs;
    plane.hear((news) => post({ kind: 'news', news: shiftedNews(news, -shiftMs) }));
  }

  /**
   * Posts whether it could be opened; if not, there is no service. `originMs` is the zero of this thread's clock; `rest` as
   * openPlane's.
   */
  static async open(
    start: MediaThreadStart,
    originMs: number,
    post: (message: FromMediaThread) => void,
    rest?: (ms: number) => void,
  ): Promise<PlaneService | undefined> {
    const log = new PostedLog(post, start.isDebug);
    try {
      const plane = await openPlane(start, log, rest);
      post({ kind: 'opened', socket: plane.socket });
      return new PlaneService(plane, log, post, start.clockOriginMs - originMs);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      post({ kind: 'refused', error: plainError(error) });
      return undefined;
    }
  }

  async handle(message: ToMediaThread): Promise<void> {
    switch (message.kind) {
      case 'order':
        if (message.order.kind === 'settings') this.#log.isDebug = message.order.isDebug;
        this.#plane.order(shiftedOrder(message.order, this.#shiftMs));
        return;
      case 'ask': {
        const answer = this.#plane.answer(message.question);
        this.#post({ kind: 'answer', id: message.id, answer: shiftedAnswer(answer, -this.#shiftMs) });
        return;
      }
      case 'close':
        await this.#plane.close();
        this.#post({ kind: 'closed' });
        return;
    }
  }
}

/** The log of a thread, which the control thread writes. */
class PostedLog implements Log {
  isDebug: boolean;
  readonly error = this.#at('error');
  readonly warn = this.#at('warn');
  readonly info = this.#at('info');
  readonly #debug = this.#at('debug');
  readonly #post: (message: FromMediaThread) => void;

  constructor(post: (message: FromMediaThread) => void, isDebug: boolean) {
    this.#post = post;
    this.isDebug = isDebug;
  }

  debug: Log['debug'] = (message, fields) => {
    if (this.isDebug) this.#debug(message, fields);
  };

  isDebugEnabled(): boolean {
    return this.isDebug;
  }

  #at(level: LogLevel): Log['info'] {
    return (message, fields) => this.#post({ kind: 'log', level, message, fields });
  }
}
