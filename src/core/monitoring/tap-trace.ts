/** The life of a tap as it is told to a tracing system, step by step. */

/** A piece that goes by itself, as the snoop does with its channel, is not told as removed. */
export type TapStep =
  | `${'snoop' | 'media' | 'bridge'} ${'created' | 'removed'}`
  | 'live'
  | 'first packet'
  | 'streaming';

/** Ids only; no number and no name of a person, except what a channel's name holds. */
export interface TapFacts {
  /** The name of the tapped channel. */
  readonly channel: string;
  /** The number of the tap within this run. */
  readonly tap: number;
}

export interface TapTrace {
  /** `callid` where the step tells it. */
  step(step: TapStep, callid?: string): void;
  /** Nothing of the tap is left in Asterisk; `failure` says why it ended before it was released. A second call does nothing. */
  over(failure: string | undefined): void;
}

export interface TapTraces {
  /** A tap is armed. */
  begin(facts: TapFacts): TapTrace;
}

const NO_TRACE: TapTrace = { step: () => undefined, over: () => undefined };

/** Tells nobody. */
export const NO_TRACES: TapTraces = { begin: () => NO_TRACE };
