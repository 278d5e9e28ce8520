/**
 * Tells the service manager how the service is, as sd_notify(3) says. That takes Unix datagrams, which Node does not have: one
 * small shell lives as long as we do and hands on what it reads from us by systemd-notify(1).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Log } from '../core/log.js';
import { visibleText } from '../core/visible-text.js';

export interface ServiceProcess {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
}

/**
 * One message per line, its assignments separated by tabs. The shell ends with our end of the pipe and with nothing else: a
 * Ctrl-C or a stop of the whole group is for us to tell of.
 */
const SENDER = `
trap '' HUP INT TERM
command -v systemd-notify >/dev/null || exit 127
set -f
tab=$(printf '\\t')
while IFS= read -r message; do
  IFS=$tab
  systemd-notify $message
done
`;
const NOT_FOUND = 127;
/** When a sender hangs, what is written to it waits here and is of no use later. */
const MAX_WAITING_OCTETS = 4_096;

export class ServiceNotify {
  readonly #surroundings: NodeJS.ProcessEnv;
  readonly #log: Log;
  #sender: ChildProcess | undefined;
  #isImpossible = false;

  /** Undefined when no service manager wants to be told. */
  static open({ environment, pid }: ServiceProcess, log: Log): ServiceNotify | undefined {
    const { NOTIFY_SOCKET: socket, PATH: path } = environment;
    if (!socket) return undefined;
    const notify = new ServiceNotify({ NOTIFY_SOCKET: socket, PATH: path }, log);
    const watchdogMs = watchdogOf(environment, pid);
    // The timer fires only while the event loop turns, which is what the watchdog is to know.
    if (watchdogMs !== undefined) setInterval(() => notify.send('WATCHDOG=1'), watchdogMs / 2).unref();
    return notify;
  }

  private constructor(surroundings: NodeJS.ProcessEnv, log: Log) {
    this.#surroundings = surroundings;
    this.#log = log;
  }

  /** Sends one message of assignments such as `READY=1` and `STATUS=some words`. */
  send(...assignments: readonly string[]): void {
    if (this.#isImpossible) return;
    this.#sender ??= this.#startSender();
    const { stdin } = this.#sender;
    if (stdin === null || stdin.writableLength > MAX_WAITING_OCTETS) return;
    stdin.write(`${assignments.map(visibleText).join('\t')}\n`);
  }

  /** A sender that was killed is replaced with the next message. */
  #startSender(): ChildProcess {
    const sender = spawn('sh', ['-c', SENDER], { env: this.#surroundings, stdio: ['pipe', 'ignore', 'ignore'] });
    const onEnd = (isMissing: boolean): void => {
      if (this.#sender === sender) this.#sender = undefined;
      if (!isMissing || this.#isImpossible) return;
      this.#isImpossible = true;
      this.#log.warn('NOTIFY_SOCKET is set, but systemd-notify is not installed: the service manager is told nothing');
    };
    sender.once('error', () => onEnd(true));
    sender.once('exit', (code) => onEnd(code === NOT_FOUND));
    // It may be gone when we write; that is known from its exit.
    sender.stdin?.on('error', () => undefined);
    sender.unref();
    return sender;
  }
}

/** The time in ms within which the manager wants to hear of this very process; undefined when it does not. */
function watchdogOf(environment: ServiceProcess['environment'], pid: number): number | undefined {
  const { WATCHDOG_USEC: microseconds, WATCHDOG_PID: watched } = environment;
  if (watched && Number(watched) !== pid) return undefined;
  const limitMs = Number(microseconds) / 1_000;
  return limitMs > 0 ? limitMs : undefined;
}
