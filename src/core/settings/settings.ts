/** The settings as the program uses them: complete, checked, and read-only. */

import type { CallflowRule } from '../callflow.js';
import { type HostPort, parseHost, parseHostPort } from './addresses.js';
import { parseCallflowRule } from './callflow-rule.js';
import { OFF } from './formats.js';
import type { NamedLists } from './setting.js';
import type { SETTINGS, SettingKey } from './settings-table.js';

export interface Settings {
  readonly asterisk: AsteriskSettings;
  readonly media: MediaSettings;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  readonly monitoring: MonitoringSettings;
  /** A folder; it need not exist yet. */
  readonly stateDir: string;
  readonly streaming: StreamingSettings;
  readonly calls: CallsSettings;
  readonly web: WebSettings;
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
  /** Any certificate of Asterisk is taken. */
  readonly insecure: boolean;
}

export interface MediaSettings {
  /** Where RTP is received; an IPv6 host stands without brackets; port 0 is any free port. */
  readonly listen: HostPort;
  /** What Asterisk is told to send to. Without a port: the port that `listen` got. */
  readonly advertise: { readonly host: string; readonly port: number | undefined };
  readonly format: MediaFormat;
  /** Threads for the audio; with 0 it is in the thread of everything else. */
  readonly workers: number;
}

export interface MonitoringSettings {
  /** Where metrics and health are served; nothing when that is switched off. Port 0 is any free port. */
  readonly listen: HostPort | undefined;
  /** The http or https address that traces are sent to, if they are wanted. */
  readonly traces: string | undefined;
}

export interface StreamingSettings {
  readonly enable: boolean;
  /** ws or wss; nothing only when `enable` is false. */
  readonly serverAddress: string | undefined;
  /** PEM certificates (the content, not the path). */
  readonly ca: string | undefined;
  /** PEM (the content, not the path); with a key or not at all. */
  readonly cert: string | undefined;
  /** PEM (the content, not the path). */
  readonly key: string | undefined;
  /** Any certificate of the server is taken. */
  readonly insecure: boolean;
  /** The header field of the upgrade request; nothing when no secret is set. */
  readonly secret: { readonly name: string; readonly value: string } | undefined;
  /** Hz. */
  readonly sampleRate: Values['streaming.sampleRate'];
  /** Seconds of audio kept for each participant while the server is away, 1 to 300. */
  readonly bufferSeconds: number;
  /** Whether streaming begins with the ringing, and not only with the answer. */
  readonly earlyMedia: boolean;
  readonly subscriptions: Subscriptions;
}

/** Each kind has a switch and a list, and of a kind that is switched off the list does not count. */
export interface Subscriptions {
  readonly enableExtensions: boolean;
  readonly enableExtensionGroups: boolean;
  readonly enableTrunks: boolean;
  readonly enableDids: boolean;
  /** Exact names, Asterisk patterns (`_10XX`), or `*` for all. */
  readonly extensions: readonly string[];
  /** Names that `calls.extensionGroups` has, or `*` for all. */
  readonly extensionGroups: readonly string[];
  /** As the extensions. */
  readonly trunks: readonly string[];
  /** As the extensions; exact numbers as they were written, so perhaps with `+` and separators. */
  readonly dids: readonly string[];
}

/** How the calls of the PBX are to be understood. */
export interface CallsSettings {
  /** Letters and digits, such as `PJSIP`. */
  readonly technologies: readonly string[];
  /** Names of endpoints: exact, Asterisk patterns, or `*` for all. */
  readonly trunks: readonly string[];
  /** Contexts, in which `*` stands for any text. */
  readonly trunkContexts: readonly string[];
  /** The extensions of each group by its name: exact, Asterisk patterns, or `*` for all. */
  readonly extensionGroups: Readonly<Record<string, readonly string[]>>;
  /** They come before the built-in rules; the first that fits holds. */
  readonly callflows: readonly CallflowRule[];
}

/** The web server of the page and its API. */
export interface WebSettings {
  /** Port 0 is any free port; nothing: there is no page. */
  readonly listen: HostPort | undefined;
  /** PEM certificates (the content, not the path); with a key or not at all. */
  readonly cert: string | undefined;
  /** PEM (the content, not the path). */
  readonly key: string | undefined;
  /** Begins with a slash and ends in none; empty for none. */
  readonly basePath: string;
  /** Addresses, and networks in CIDR notation. */
  readonly trustedProxies: readonly string[];
  /** Names, beside addresses and localhost; an IPv6 address may stand in brackets. */
  readonly hosts: readonly string[];
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
      : Row extends { kind: 'named-lists' }
        ? NamedLists
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
      insecure: values['asterisk.insecure'],
    },
    media: {
      listen,
      advertise: advertised(values['media.advertise'], listen),
      format: values['media.format'],
      workers: values['media.workers'],
    },
    log: { level: values['log.level'], format: values['log.format'] },
    monitoring: monitoringFrom(values),
    stateDir: values.stateDir ?? defaultStateDir,
    streaming: {
      enable: values['streaming.enable'],
      serverAddress: values['streaming.serverAddress'],
      ca: values['streaming.ca'],
      cert: values['streaming.cert'],
      key: values['streaming.key'],
      insecure: values['streaming.insecure'],
      secret: secret === undefined ? undefined : { name: values['streaming.secret.name'], value: secret },
      sampleRate: values['streaming.sampleRate'],
      bufferSeconds: values['streaming.bufferSeconds'],
      earlyMedia: values['streaming.earlyMedia'],
      subscriptions: subscriptionsFrom(values),
    },
    calls: callsFrom(values),
    web: webFrom(values),
  };
}

function monitoringFrom(values: SettingValues): MonitoringSettings {
  const text = values['monitoring.listen'];
  const listen = text === OFF ? undefined : parseHostPort(text);
  if (text !== OFF && listen === undefined) throw new TypeError('These setting values were never checked.');
  return { listen, traces: values['monitoring.traces'] };
}

function subscriptionsFrom(values: SettingValues): Subscriptions {
  return {
    enableExtensions: values['streaming.subscriptions.enableExtensions'],
    enableExtensionGroups: values['streaming.subscriptions.enableExtensionGroups'],
    enableTrunks: values['streaming.subscriptions.enableTrunks'],
    enableDids: values['streaming.subscriptions.enableDids'],
    extensions: values['streaming.subscriptions.extensions'],
    extensionGroups: values['streaming.subscriptions.extensionGroups'],
    trunks: values['streaming.subscriptions.trunks'],
    dids: values['streaming.subscriptions.dids'],
  };
}

function callsFrom(values: SettingValues): CallsSettings {
  return {
    technologies: values['calls.technologies'],
    trunks: values['calls.trunks'],
    trunkContexts: values['calls.trunkContexts'],
    // Defines its keys instead of assigning to them, so that a group may be named __proto__ and be nothing but a group.
    extensionGroups: Object.fromEntries(values['calls.extensionGroups']),
    callflows: values['calls.callflows'].map(ruleFrom),
  };
}

function webFrom(values: SettingValues): WebSettings {
  return {
    // What is no address is the word that switches it off.
    listen: parseHostPort(values['web.listen']),
    cert: values['web.cert'],
    key: values['web.key'],
    basePath: values['web.basePath'] ?? '',
    trustedProxies: values['web.trustedProxies'],
    hosts: values['web.hosts'],
  };
}

function ruleFrom(text: string): CallflowRule {
  const rule = parseCallflowRule(text);
  if (rule === undefined) throw new TypeError('These setting values were never checked.');
  return rule;
}

function advertised(text: string | undefined, listen: HostPort): MediaSettings['advertise'] {
  if (text === undefined) return { host: listen.host, port: undefined };
  const host = parseHost(text);
  return host === undefined ? (parseHostPort(text) ?? { host: text, port: undefined }) : { host, port: undefined };
}
