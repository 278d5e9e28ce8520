#!/usr/bin/env node
/** The program: reads the command line and the settings, runs what was asked for, and ends with an exit code. */
import { check } from './app/check.js';
import { receive } from './app/receive.js';
import { SettingsReloads, tellOfPage } from './app/reloads.js';
import { ServiceStatus } from './app/service-status.js';
import { start } from './app/start.js';
import { exitCodeFor } from './core/check/finding.js';
import { jsonReport, textReport } from './core/check/report.js';
import { StreamError } from './core/errors.js';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_ORDERLY, exitCodeOf, failureText } from './core/failure.js';
import { describeProblems } from './core/settings/problem.js';
import { redactSettings } from './core/settings/redact.js';
import {
  type CheckRequest,
  type ReceiveRequest,
  readCommandLine,
  type StartRequest,
  secretFlagsOf,
} from './io/command-line.js';
import { createLog } from './io/log.js';
import { LogTail } from './io/log-tail.js';
import { packageVersion } from './io/package-version.js';
import { ServiceNotify } from './io/service-notify.js';
import { inspectSettings } from './io/settings/inspect-settings.js';
import { loadSettings } from './io/settings/load-settings.js';
import { giveWay, helperThreads } from './io/thread-priority.js';

const stop = new AbortController();
// Until the settings say otherwise.
let log = createLog({ level: 'info', format: 'text', output: process.stderr });

process.on('uncaughtException', (error) => {
  log.error('Something happened that should not have', { code: 'UNEXPECTED', error, stack: error.stack });
  process.exit(EXIT_FAILED);
});
// A log whose reader has gone must not end a call's stream.
process.stderr.on('error', () => undefined);
process.stdout.on('error', () => undefined);

stopOnSignals();
// Else this signal, a slip of the hand from SIGUSR2, opens Node's debugger to every user of the machine.
process.on('SIGUSR1', () => log.warn('SIGUSR1 means nothing here; SIGHUP and SIGUSR2 read the settings again'));
process.exit(await run());

async function run(): Promise<number> {
  const request = readCommandLine(process.argv.slice(2), {
    version: packageVersion(),
    writeOut: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
  });
  if (request.command === 'none') return request.exitCode;
  const secretFlags = secretFlagsOf(request);
  // From here on ps(1) and /proc show this in the place of the arguments.
  if (secretFlags.length > 0) process.title = `ari-audio-stream ${request.command}`;
  try {
    if (request.command === 'check') return await runCheck(request);
    await (request.command === 'start' ? runStart(request, secretFlags) : runReceive(request));
    return EXIT_ORDERLY;
  } catch (error) {
    if (stop.signal.aborted && error instanceof Error && error.name === 'AbortError') return EXIT_ORDERLY;
    process.stderr.write(`${failureText(error, log.isDebugEnabled())}\n`);
    return exitCodeOf(error);
  }
}

/** Streams until a signal; two others have the settings read again. The log is what the program puts out, so it goes to stdout. */
async function runStart({ file, flags }: StartRequest, secretFlags: readonly string[]): Promise<void> {
  const sources = { file, environment: process.env, flags };
  const loaded = loadSettings(sources);
  if ('problems' in loaded) {
    throw new StreamError('SETTINGS_INVALID', 'settings', describeProblems(loaded.problems));
  }
  const { settings } = loaded;
  const tail = new LogTail();
  const startLog = createLog({ ...settings.log, output: process.stdout, tail });
  log = startLog;
  log.debug('started with these settings', redactSettings(settings));
  tellOfPage(loaded, log);
  if (secretFlags.length > 0) {
    log.warn('other users of this machine could see a secret that was given as a flag: better name a file', {
      flags: secretFlags,
    });
  }
  // The folder for state changes only with the next start, and with it what was saved there.
  const { stateDir } = settings;
  const reloads = new SettingsReloads(loaded, (saved) => loadSettings({ ...sources, stateDir, saved }), startLog);
  const service = new ServiceStatus(ServiceNotify.open({ environment: process.env, pid: process.pid }, startLog));
  process.on('SIGHUP', () => service.reloading(() => reloads.reload(false)));
  process.on('SIGUSR2', () => service.reloading(() => reloads.reload(true)));
  stop.signal.addEventListener('abort', () => service.stopping());
  const page = { reloads, tail, nodeVersion: process.version, pid: process.pid };
  // No thread that carries audio should wait for them. This one does not stand back: Asterisk waits for its answers.
  if (settings.media.workers > 0) giveWay(helperThreads(process.pid));
  await start(settings, log, stop.signal, { reloads, watcher: service, page });
}

/** Looks at everything once. The findings are what the program puts out, so they go to stdout. */
async function runCheck({ file, flags, json }: CheckRequest): Promise<number> {
  const inspected = inspectSettings({ file, environment: process.env, flags });
  try {
    const findings = await check({ file, inspected, nodeVersion: process.version }, stop.signal);
    const inColour = process.stdout.isTTY === true && !process.env.NO_COLOR;
    process.stdout.write(json ? jsonReport(findings) : textReport(findings, { inColour }));
    return exitCodeFor(findings);
  } catch (error) {
    if (stop.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  }
}

/** Receives until a signal. The meters are what the program puts out, so the log goes to stderr. */
async function runReceive({ listen, out, secret, sampleRate, tls }: ReceiveRequest): Promise<void> {
  // With nobody left to show the meters to (`receive | head`), the recordings are ended in order.
  process.stdout.on('error', () => stop.abort());
  const options = { listen, out, sampleRate, ...(secret && { secret }), ...(tls && { tls }) };
  const terminal = {
    write: (text: string) => void process.stdout.write(text),
    columns: () => process.stdout.columns ?? 80,
    rows: () => process.stdout.rows ?? 24,
    isTerminal: process.stdout.isTTY === true,
    // https://no-color.org
    inColour: process.stdout.isTTY === true && !process.env.NO_COLOR,
  };
  await receive(options, terminal, log, stop.signal);
}

/** The first signal asks for an end in order; whoever sends a second does not want to wait for it. */
function stopOnSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED);
      log.info('stopping', { signal: name });
      stop.abort();
    });
  }
}
