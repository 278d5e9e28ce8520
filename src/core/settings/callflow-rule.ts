/** A rule that says which callflow a dialplan application or context stands for: `app:Queue=queue`, `context:ivr-*=ivr`. */

export interface CallflowRule {
  readonly by: 'app' | 'context';
  /** The name of an application, which Asterisk compares without regard to case; or a context with `*` for any text. */
  readonly pattern: string;
  readonly callflow: Callflow;
}

/** The words of the wire protocol, which core/relay owns and core/settings may not import; a test compares the two. */
export const CALLFLOW_WORDS = ['', 'ivr', 'queue', 'ringgroup', 'cfd', 'conference', 'multicast_paging'] as const;

export type Callflow = (typeof CALLFLOW_WORDS)[number];

/** Reads `app:NAME=CALLFLOW` or `context:GLOB=CALLFLOW`; nothing behind the `=` stands for no callflow. */
export function parseCallflowRule(text: string): CallflowRule | undefined {
  const [, app, context, word] = /^(?:app:(\w{1,79})|context:([^\s,=\p{C}]{1,79}))=(\w*)$/u.exec(text) ?? [];
  const callflow = CALLFLOW_WORDS.find((candidate) => candidate === word);
  if (callflow === undefined) return undefined;
  if (app !== undefined) return { by: 'app', pattern: app, callflow };
  return context === undefined ? undefined : { by: 'context', pattern: context, callflow };
}
