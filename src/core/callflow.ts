/** What a call may be in, in the words of the wire protocol; empty for none of them. */

export const CALLFLOWS = ['', 'ivr', 'queue', 'ringgroup', 'cfd', 'conference', 'multicast_paging'] as const;
export type Callflow = (typeof CALLFLOWS)[number];

/** A rule that says which callflow a dialplan application or context stands for. */
export interface CallflowRule {
  readonly by: 'app' | 'context';
  /** The name of an application, which Asterisk compares without regard to case; or a context with `*` for any text. */
  readonly pattern: string;
  readonly callflow: Callflow;
}
