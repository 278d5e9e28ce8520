/** Whether the add-on can do its work, in words: what is missing, and since when. */

export interface Reachability {
  /** Since when it has been as it is, in ms since 1970; undefined when that is not known yet. */
  readonly since: number | undefined;
  readonly problem: { readonly code: string; readonly message: string } | undefined;
}

export interface AsteriskState extends Reachability {
  /** Of the Asterisk that is linked; undefined without a link. */
  readonly version: string | undefined;
}

export interface Readiness {
  readonly isReady: boolean;
  readonly report: Readonly<Record<string, unknown>>;
}

const MS_PER_SECOND = 1000;

/**
 * Ready is who hears Asterisk's events. A receiver that is away is told and does not count: the audio is kept meanwhile, and
 * another instance would not reach it either. `now` is in ms since 1970.
 */
export function readiness(asterisk: AsteriskState, receiver: Reachability, now: number): Readiness {
  const isReady = asterisk.version !== undefined;
  const missing = isReady ? [] : [sentence('the link to Asterisk', asterisk, now)];
  const warnings = receiver.problem === undefined ? [] : [sentence('the receiver', receiver, now)];
  const report = {
    status: isReady ? 'ready' : 'not ready',
    missing,
    warnings,
    asterisk: { state: isReady ? 'up' : 'down', version: asterisk.version, ...told(asterisk) },
    receiver: { state: stateOf(receiver), ...told(receiver) },
  };
  return { isReady, report };
}

function stateOf({ since, problem }: Reachability): 'not tried yet' | 'reached' | 'away' {
  if (problem !== undefined) return 'away';
  return since === undefined ? 'not tried yet' : 'reached';
}

function told({ since, problem }: Reachability): object {
  return {
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(problem === undefined ? {} : { code: problem.code, problem: problem.message }),
  };
}

function sentence(what: string, { since, problem }: Reachability, now: number): string {
  const seconds = since === undefined ? undefined : Math.max(0, Math.round((now - since) / MS_PER_SECOND));
  const duration = seconds === undefined ? '' : ` for ${seconds} s`;
  return `${what} is missing${duration}${problem === undefined ? '' : `: ${problem.message}`}`;
}
