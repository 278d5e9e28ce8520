/**
 * The figures of participants, five times a second. They go straight to the elements that show them: to render 200
 * participants that often would cost more than all else on the page.
 */
import type { LiveFigures, LiveMessage } from '../../src/io/web/contract/live.js';

export interface Figures {
  readonly levelDb: number;
  readonly peakDb: number;
  readonly fragments: number;
  readonly waiting: number;
  readonly lostMs: number;
  readonly pausedMs: number;
}

type Watcher<T> = (value: T) => void;
type FiguresMessage = Extract<LiveMessage, { kind: 'figures' }>;

/** Of each participant, or each call, the last value, for whoever comes to show it. */
class Board<T> {
  readonly #values = new Map<string, T>();
  readonly #watchers = new Map<string, Watcher<T>>();

  put(id: string, value: T): void {
    this.#values.set(id, value);
    this.#watchers.get(id)?.(value);
  }

  /** Until the returned function is called. One watcher each. */
  watch(id: string, watcher: Watcher<T>): () => void {
    this.#watchers.set(id, watcher);
    const value = this.#values.get(id);
    if (value !== undefined) watcher(value);
    return () => {
      if (this.#watchers.get(id) === watcher) this.#watchers.delete(id);
    };
  }

  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#values.keys()) if (!ids.has(id)) this.#values.delete(id);
  }
}

const participants = new Board<Figures>();
const reconnects = new Board<number>();

export const figures = {
  take(message: FiguresMessage): void {
    for (const [id, figure] of Object.entries(message.participants)) participants.put(id, named(figure));
    for (const [id, count] of Object.entries(message.reconnects)) reconnects.put(id, count);
    participants.keepOnly(new Set(Object.keys(message.participants)));
    reconnects.keepOnly(new Set(Object.keys(message.reconnects)));
  },
  ofParticipant: (channelid: string, watcher: Watcher<Figures>) => participants.watch(channelid, watcher),
  reconnectsOf: (callid: string, watcher: Watcher<number>) => reconnects.watch(callid, watcher),
};

function named([levelDb, peakDb, fragments, waiting, lostMs, pausedMs]: LiveFigures): Figures {
  return { levelDb, peakDb, fragments, waiting, lostMs, pausedMs };
}
