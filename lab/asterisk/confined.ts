/**
 * Runs a program that cannot outlive us. It gets process and mount namespaces of its own (see unshare(1)), so that its
 * mounts and children vanish with it, and a pipe to us: when that ends, because we ended in whatever way, it is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';

export type Confinement = 'namespaces' | 'none';

export interface Confined {
  /** Settles once the program, all its children and all its mounts are gone. */
  readonly exited: Promise<ConfinedExit>;
  /** Asks the program to end in good order (SIGTERM). */
  terminate(): void;
  /** Ends it now. The second call does nothing. */
  kill(): void;
  /** A process inside the namespaces, for nsenter(1); undefined before it started or without namespaces. */
  readonly process: ChildProcess;
}

export interface ConfinedExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * The guard around the program. It reads names of signals from us and passes them on; at the end of the pipe it kills.
 * Inside namespaces the guard is process 1, so the program's end and then its own take along everything else. Without
 * them it kills the process group that we made for it, itself included.
 */
const GUARD = `
exec 3<&0 </dev/null
"$@" 3<&- & program=$!
{ while read -r signal <&3; do kill -"$signal" "$program"; done
  if [ $$ = 1 ]; then kill -KILL "$program"; else kill -KILL 0; fi; } 2>/dev/null & pipe=$!
wait "$program"; code=$?
kill -KILL "$pipe" 2>/dev/null
exit "$code"
`;

/** In a new pid namespace /proc must be mounted anew, or it would go on showing the processes outside. */
const UNSHARE = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', '--mount-proc'];

/** Starts `command`; its standard output and error go to `output`, a file descriptor, or to pipes of `process`. */
export function runConfined(command: readonly string[], confinement: Confinement, output: number | 'pipe'): Confined {
  const guarded = ['sh', '-c', GUARD, 'guard', ...command];
  const [program = 'sh', ...rest] = confinement === 'namespaces' ? ['unshare', ...UNSHARE, ...guarded] : guarded;
  // A process group of its own: a Ctrl-C in the terminal is for us, and we stop what we started in order.
  const child = spawn(program, rest, { stdio: ['pipe', output, output], detached: true });
  // The guard may be gone before us; that is known from its exit.
  child.stdin?.on('error', () => {});

  const exited = new Promise<ConfinedExit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    exited,
    process: child,
    terminate: () => void child.stdin?.write('TERM\n'),
    kill: () => void child.stdin?.end(),
  };
}
