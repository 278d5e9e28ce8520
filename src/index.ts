/**
 * `ari-audio-stream`: for programs that run the add-on inside themselves. Settings, a start, and the errors; all else is
 * the add-on's own and may change. docs/embedding.md shows how it is used.
 */
import type { LinkWatcher } from './app/asterisk-link.js';
import type { Reloads } from './app/reloads.js';
import { start as startAddOn } from './app/start.js';
import { StreamError } from './core/errors.js';
import type { Log } from './core/log.js';
import { describeProblems } from './core/settings/problem.js';
import type { Settings } from './core/settings/settings.js';
import { loadSettings as load } from './io/settings/load-settings.js';

export type { LinkWatcher } from './app/asterisk-link.js';
export type { ReloadListener, Reloads } from './app/reloads.js';
export { type Blame, ERROR_CODES, type ErrorCode, StreamError } from './core/errors.js';
export type { Log, LogFields } from './core/log.js';
export type { Settings } from './core/settings/settings.js';

/** Where settings come from, in rising order. What is given nowhere has the default of docs/settings.md. */
export interface SettingsSources {
  /** The path of a settings file. */
  readonly file?: string;
  /** What such a file would hold, as an object; of no effect beside `file`. */
  readonly values?: object;
  /** Variables such as `ARI_AUDIO_STREAM_ASTERISK_PASSWORD`. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface StartOptions {
  /** Its abort ends all streams in order, within 5 s. */
  readonly signal: AbortSignal;
  /** Default: nothing is logged. */
  readonly log?: Log;
  /** Hands over the function by which the settings of the running add-on are changed. */
  readonly reloads?: Reloads;
  /** Is told when the link to Asterisk is there and when it is not. */
  readonly watcher?: LinkWatcher;
}

/** The page belongs to the program, which has accounts and files of its own. */
const NO_PAGE = new Map([['web.listen', 'off'] as const]);

const NO_LOG: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  isDebugEnabled: () => false,
};

/** Reads and checks settings. Throws StreamError with the code SETTINGS_INVALID, whose message has one line per problem. */
export function loadSettings({ file, values, environment = {} }: SettingsSources): Settings {
  const loaded = load({ file, values, environment, flags: NO_PAGE });
  if ('settings' in loaded) return loaded.settings;
  throw new StreamError('SETTINGS_INVALID', 'settings', describeProblems(loaded.problems));
}

/**
 * Connects to Asterisk and streams the subscribed calls until the signal aborts; while Asterisk is away it tries again for ever.
 * Rejects with a StreamError for what keeps it from running: MEDIA_LISTEN_FAILED,
 * MONITORING_LISTEN_FAILED, OPUS_UNAVAILABLE, TRACES_UNAVAILABLE, ARI_APP_TAKEN.
 */
export async function start(
  settings: Settings,
  { signal, log = NO_LOG, reloads, watcher }: StartOptions,
): Promise<void> {
  await startAddOn(settings, log, signal, { reloads, watcher });
}
