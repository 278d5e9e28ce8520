/** How settings write the rule that a dialplan application or context stands for a callflow: `app:Queue=queue`, `context:ivr-*=ivr`. */
import { CALLFLOWS, type CallflowRule } from '../callflow.js';

/** Reads `app:NAME=CALLFLOW` or `context:GLOB=CALLFLOW`; nothing behind the `=` stands for no callflow. */
export function parseCallflowRule(text: string): CallflowRule | undefined {
  const [, app, context, word] = /^(?:app:(\w{1,79})|context:([^\s,=\p{C}]{1,79}))=(\w*)$/u.exec(text) ?? [];
  const callflow = CALLFLOWS.find((candidate) => candidate === word);
  if (callflow === undefined) return undefined;
  if (app !== undefined) return { by: 'app', pattern: app, callflow };
  return context === undefined ? undefined : { by: 'context', pattern: context, callflow };
}
