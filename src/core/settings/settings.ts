/** The settings as the program uses them: complete, checked, and read-only. */
import { type HostPort, parseHost, parseHostPort } from './addresses.js';
import type { SETTINGS, SettingKey } from './settings-table.js';

export interface Settings {
  readonly asterisk: AsteriskSettings;
  readonly media: MediaSettings;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** A folder; it need not exist yet. */
  readonly stateDir: string;
  readonly streaming: StreamingSettings;
}

export interface AsteriskSettings {
  /** http or https, with a path prefix or none, without `/ari` and without a slash at the end. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The name of the Stasis application: letters, digits, `.`, `_` and `-`. */
  readonly app: string;
  /** PEM certificates (the content, not the path). */
  readonly ca: string | undefined;
}

export interface MediaSettings {
  /** Where RTP is received; an IPv6 host stands without brackets; port 0 is any free port. */
  readonly listen: HostPort;
  /** What Asterisk is told to send to. Without a port: the port that `listen` got. */
  readonly advertise: { readonly host: string; readonly port: number | undefined };
  readonly format: MediaFormat;
}

export interface StreamingSettings {
  readonly enable: boolean;
  /** ws or wss; nothing only when `enable` is false. */
  readonly serverAddress: string | undefined;
  /** PEM certificates (the content, not the path). */
  readonly ca: string | undefined;
  /** The header field of the upgrade request; nothing when no secret is set. */
  readonly secret: { readonly name: string; readonly value: string } | undefined;
  /** Hz. */
  readonly sampleRate: Values['streaming.sampleRate'];
  /** Seconds of audio kept for each participant while the server is away, 1 to 300. */
  readonly bufferSeconds: number;
  readonly subscriptions: Subscriptions;
}

/** Exact names, Asterisk patterns (`_10XX`), or `*` for all. */
export interface Subscriptions {
  readonly extensions: readonly string[];
  readonly trunks: readonly string[];
  readonly dids: readonly string[];
}

export type LogLevel = Values['log.level'];
export type LogFormat = Values['log.format'];
export type MediaFormat = Values['media.format'];

/** The checked value of every setting by key; where nothing was given and there is no default: nothing. */
export type SettingValues = Values;

type Values = { readonly [Key in SettingKey]: Value<(typeof SETTINGS)[Key]> };

type Value<Row> = Row extends { kind: 'boolean' }
  ? boolean
  : Row extends { kind: 'integer' }
    ? number
    : Row extends { kind: 'list' }
      ? readonly string[]
      : Row extends { kind: 'choice'; choices: readonly (infer Choice)[] }
        ? Choice
        : Row extends { fallback: string }
          ? string
          : string | undefined;

/** What the settings are made of beside the table: what only the world outside knows. */
export interface Surroundings {
  readonly defaultStateDir: string;
}

/** Builds the settings from values that were checked; a value that was not is our bug. */
export function settingsFrom(values: SettingValues, { defaultStateDir }: Surroundings): Settings {
  const listen = parseHostPort(values['media.listen']);
  const password = values['asterisk.password'];
  if (listen === undefined || password === undefined) throw new TypeError('These setting values were never checked.');
  const secret = values['streaming.secret.value'];
  return {
    asterisk: {
      url: values['asterisk.url'].replace(/\/+$/, ''),
      username: values['asterisk.username'],
      password,
      app: values['asterisk.app'],
      ca: values['asterisk.ca'],
    },
    media: {
      listen,
      advertise: advertised(values['media.advertise'], listen),
      format: values['media.format'],
    },
    log: { level: values['log.level'], format: values['log.format'] },
    stateDir: values.stateDir ?? defaultStateDir,
    streaming: {
      enable: values['streaming.enable'],
      serverAddress: values['streaming.serverAddress'],
      ca: values['streaming.ca'],
      secret: secret === undefined ? undefined : { name: values['streaming.secret.name'], value: secret },
      sampleRate: values['streaming.sampleRate'],
      bufferSeconds: values['streaming.bufferSeconds'],
      subscriptions: {
        extensions: values['streaming.subscriptions.extensions'],
        trunks: values['streaming.subscriptions.trunks'],
        dids: values['streaming.subscriptions.dids'],
      },
    },
  };
}

function advertised(text: string | undefined, listen: HostPort): MediaSettings['advertise'] {
  if (text === undefined) return { host: listen.host, port: undefined };
  const host = parseHost(text);
  return host === undefined ? (parseHostPort(text) ?? { host: text, port: undefined }) : { host, port: undefined };
}
