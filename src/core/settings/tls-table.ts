/** The settings of TLS towards Asterisk and towards the receiver: two parts of the table of settings. */
import { FILE_PATH } from './formats.js';
import type { Setting } from './setting.js';

export const ASTERISK_TLS_SETTINGS = {
  'asterisk.ca': {
    kind: 'path',
    format: FILE_PATH,
    content: 'certificates',
    otherwise: 'the certificate authorities that Node.js trusts',
    effect: 'next-start',
    help: 'PEM certificates of the authority that signed the certificate of Asterisk, for https with a private authority. A self-signed certificate is its own authority: name that one here.',
  },
  'asterisk.insecure': {
    kind: 'boolean',
    fallback: false,
    effect: 'next-start',
    help: 'Take any certificate of Asterisk, whoever made it. Then anybody on the way can read the password of ARI, and the log warns of it. Better name the certificate in asterisk.ca.',
  },
} as const satisfies Record<string, Setting>;

export const STREAMING_TLS_SETTINGS = {
  'streaming.ca': {
    kind: 'path',
    format: FILE_PATH,
    content: 'certificates',
    otherwise: 'the certificate authorities that Node.js trusts',
    effect: 'new-calls',
    help: 'PEM certificates of the authority that signed the certificate of the server, for wss with a private authority. This file and the two below are read anew after SIGHUP; a call that is up keeps its connection, and has what they hold by then when it has to connect again.',
  },
  'streaming.cert': {
    kind: 'path',
    format: FILE_PATH,
    content: 'certificates',
    otherwise: 'none: no certificate is shown to the server',
    effect: 'new-calls',
    help: 'The PEM certificate by which the server knows this program, for a server that wants one of its clients (mutual TLS), with those of its authority behind it.',
  },
  'streaming.key': {
    kind: 'path',
    format: FILE_PATH,
    content: 'private-key',
    otherwise: 'none; required with streaming.cert',
    effect: 'new-calls',
    help: 'The PEM key of streaming.cert, without a passphrase. Only the user of this program should be able to read it (mode 0600).',
  },
  'streaming.insecure': {
    kind: 'boolean',
    fallback: false,
    effect: 'new-calls',
    help: 'Take any certificate of the server, whoever made it: for a try only. Then anybody on the way can take its place, hear the calls and read the secret, and the log warns of it. It cannot be switched on the settings page.',
  },
} as const satisfies Record<string, Setting>;
