/** Every setting, once. The schema of convict, the flags, `--help` and docs/settings.md are all made from this table. */
import { DID_OR_PATTERN, EXTENSION_GROUP_ENTRY, NAME_OR_PATTERN } from './call-formats.js';
import { CALLS_SETTINGS } from './calls-table.js';
import {
  ADVERTISED_ADDRESS,
  APP_NAME,
  ASTERISK_URL,
  FIELD_NAME,
  FIELD_VALUE,
  FILE_PATH,
  FOLDER_PATH,
  LISTEN_ADDRESS,
  LISTEN_ADDRESS_OR_OFF,
  PASSWORD,
  SERVER_ADDRESS,
  TRACES_ADDRESS,
  USERNAME,
} from './formats.js';
import type { Setting } from './setting.js';
import { ASTERISK_TLS_SETTINGS, STREAMING_TLS_SETTINGS } from './tls-table.js';
import { WEB_SETTINGS } from './web-table.js';

export const SETTINGS = {
  'asterisk.url': {
    kind: 'text',
    format: ASTERISK_URL,
    fallback: 'http://127.0.0.1:8088',
    effect: 'next-start',
    help: 'Where the HTTP server of Asterisk listens (http.conf). The /ari of its REST interface is added by this program.',
  },
  'asterisk.username': {
    kind: 'text',
    format: USERNAME,
    fallback: 'ari-audio-stream',
    effect: 'next-start',
    help: 'The ARI user: the name of its section in ari.conf.',
  },
  'asterisk.password': {
    kind: 'text',
    format: PASSWORD,
    isSecret: true,
    otherwise: 'none; required, here or as asterisk.passwordFile',
    effect: 'next-start',
    help: 'The password of the ARI user. Better kept in a file, since other users of the machine can see flags.',
  },
  'asterisk.passwordFile': {
    kind: 'path',
    format: FILE_PATH,
    content: 'asterisk.password',
    effect: 'next-start',
    help: 'A file that holds asterisk.password; one newline at its end is left out.',
  },
  'asterisk.app': {
    kind: 'text',
    format: APP_NAME,
    fallback: 'ari-audio-stream',
    effect: 'next-start',
    help: 'The name of the Stasis application, and the beginning of the ids of all that this program makes in Asterisk. Each program at one Asterisk needs its own.',
  },
  ...ASTERISK_TLS_SETTINGS,
  'media.listen': {
    kind: 'text',
    format: LISTEN_ADDRESS,
    fallback: '127.0.0.1:40000',
    effect: 'next-start',
    help: 'The UDP address at which this program receives the RTP audio of all calls. With several media.workers the ports after it as well, one for each.',
  },
  'media.advertise': {
    kind: 'text',
    format: ADVERTISED_ADDRESS,
    otherwise: 'media.listen; required when that is 0.0.0.0 or [::]',
    effect: 'next-start',
    help: 'The address that Asterisk is told to send the audio to, where it is not the one this program listens at (NAT, containers). Without a port the port of media.listen is meant. With several media.workers the ports after it as well, one for each.',
  },
  'media.format': {
    kind: 'choice',
    choices: ['auto', 'slin', 'slin16', 'slin24', 'slin32', 'slin48', 'ulaw', 'alaw', 'opus'],
    fallback: 'auto',
    effect: 'next-start',
    help: "The audio format that is asked of Asterisk. auto takes linear audio at each channel's own rate; ulaw, alaw and opus save bandwidth on the way from a distant Asterisk.",
  },
  'media.workers': {
    kind: 'integer',
    unit: 'threads',
    min: 0,
    max: 8,
    fallback: 1,
    effect: 'next-start',
    help: 'How many threads of their own the audio has, so that no other work of this program holds it up. One carries some 1000 participants; more than the machine has cores are of no use. Each receives at a UDP port of its own: media.listen has the first one, and with 3 threads the two ports after it are used as well, also those after the port of media.advertise. With several, channelvars in ari.conf should have CHANNEL(linkedid), or else much of the audio takes a detour between them. 0 leaves the audio in the one thread of everything, which saves some 20 MB of memory.',
  },
  'log.level': {
    kind: 'choice',
    choices: ['error', 'warn', 'info', 'debug'],
    fallback: 'info',
    help: 'The least important lines that are still logged.',
  },
  'log.format': {
    kind: 'choice',
    choices: ['text', 'json'],
    fallback: 'text',
    effect: 'next-start',
    help: 'text for people, json for log collectors (one object per line).',
  },
  'monitoring.listen': {
    kind: 'text',
    format: LISTEN_ADDRESS_OR_OFF,
    fallback: '127.0.0.1:9464',
    effect: 'next-start',
    help: 'The address of /metrics (Prometheus), /healthz and /readyz. They ask for no login and tell numbers only, no names; docs/monitoring.md lists them.',
  },
  'monitoring.traces': {
    kind: 'text',
    format: TRACES_ADDRESS,
    otherwise: 'none: no traces are sent',
    effect: 'next-start',
    help: 'Where the life of each tap is told to OpenTelemetry. Traces name calls and channels; docs/monitoring.md says which packages they need.',
  },
  stateDir: {
    kind: 'path',
    format: FOLDER_PATH,
    otherwise:
      '$STATE_DIRECTORY (set by systemd), else $XDG_STATE_HOME/ari-audio-stream, else ~/.local/state/ari-audio-stream',
    effect: 'next-start',
    help: 'The folder in which this program keeps what it must remember over a restart.',
  },
  'streaming.enable': {
    kind: 'boolean',
    fallback: true,
    help: 'The switch of WebSocket Audio Streaming. Switched off, this program connects to Asterisk but streams no call.',
  },
  'streaming.serverAddress': {
    kind: 'text',
    format: SERVER_ADDRESS,
    otherwise: 'none; required while streaming.enable is true, if not here then on the settings page',
    effect: 'new-calls',
    help: 'The WebSocket server that receives the audio.',
  },
  ...STREAMING_TLS_SETTINGS,
  'streaming.secret.name': {
    kind: 'text',
    format: FIELD_NAME,
    fallback: 'Secret',
    effect: 'new-calls',
    help: 'The header field of the upgrade request that carries the secret, as the receiving platform wants it.',
  },
  'streaming.secret.value': {
    kind: 'text',
    format: FIELD_VALUE,
    isSecret: true,
    otherwise: 'none: no such header field is sent',
    effect: 'new-calls',
    help: 'The secret by which the server knows this program. Better kept in a file, since other users of the machine can see flags.',
  },
  'streaming.secret.valueFile': {
    kind: 'path',
    format: FILE_PATH,
    content: 'streaming.secret.value',
    effect: 'new-calls',
    help: 'A file that holds streaming.secret.value; one newline at its end is left out.',
  },
  'streaming.sampleRate': {
    kind: 'choice',
    unit: 'Hz',
    choices: [8000, 16000, 24000, 48000],
    fallback: 8000,
    effect: 'new-calls',
    help: 'The sample rate of the audio that is sent to the server.',
  },
  'streaming.bufferSeconds': {
    kind: 'integer',
    unit: 's',
    min: 1,
    max: 300,
    fallback: 30,
    effect: 'new-calls',
    help: 'How much audio of each participant is kept while the server is away. What does not fit is lost, oldest first, and counted.',
  },
  'streaming.earlyMedia': {
    kind: 'boolean',
    fallback: false,
    help: 'Stream from ringing on, not only from the answer: also what the called side plays before it, such as announcements.',
  },
  'streaming.subscriptions.enableExtensions': {
    kind: 'boolean',
    fallback: true,
    help: 'The switch of streaming.subscriptions.extensions. Switched off, no call is streamed for its extensions.',
  },
  'streaming.subscriptions.extensions': {
    kind: 'list',
    format: NAME_OR_PATTERN,
    fallback: [],
    help: 'Extensions: a call is streamed when one of them takes part in it.',
  },
  'streaming.subscriptions.enableExtensionGroups': {
    kind: 'boolean',
    fallback: true,
    help: 'The switch of streaming.subscriptions.extensionGroups. Switched off, no call is streamed for its groups.',
  },
  'streaming.subscriptions.extensionGroups': {
    kind: 'list',
    format: EXTENSION_GROUP_ENTRY,
    fallback: [],
    help: 'Extension groups: a call is streamed when an extension of one of them takes part in it.',
  },
  'streaming.subscriptions.enableTrunks': {
    kind: 'boolean',
    fallback: true,
    help: 'The switch of streaming.subscriptions.trunks. Switched off, no call is streamed for its trunks.',
  },
  'streaming.subscriptions.trunks': {
    kind: 'list',
    format: NAME_OR_PATTERN,
    fallback: [],
    help: 'Trunks: inbound and outbound calls through them are streamed.',
  },
  'streaming.subscriptions.enableDids': {
    kind: 'boolean',
    fallback: true,
    help: 'The switch of streaming.subscriptions.dids. Switched off, no call is streamed for its DID numbers.',
  },
  'streaming.subscriptions.dids': {
    kind: 'list',
    format: DID_OR_PATTERN,
    fallback: [],
    help: 'DID numbers: inbound calls to them are streamed. A plus sign, leading zeros and separators make no difference.',
  },
  ...CALLS_SETTINGS,
  ...WEB_SETTINGS,
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** The row of the table, in the wide type that its readers want. */
export function settingAt(key: SettingKey): Setting {
  return SETTINGS[key];
}

export const ENVIRONMENT_PREFIX = 'ARI_AUDIO_STREAM_';

/** `streaming.sampleRate` is `ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE` in the environment. */
export function environmentName(key: SettingKey): string {
  return `${ENVIRONMENT_PREFIX}${words(key).join('_').toUpperCase()}`;
}

/** `streaming.sampleRate` is `--streaming-sample-rate` on the command line. */
export function flagName(key: SettingKey): string {
  return `--${words(key).join('-').toLowerCase()}`;
}

function words(key: SettingKey): string[] {
  return key.split(/\.|(?=[A-Z])/);
}
