/** What a text setting may look like: one sentence for people, and one check that says what is wrong. */
import { isUnspecified, parseHost, parseHostPort, parseWebAddress } from './addresses.js';

export interface TextFormat {
  /** What is allowed, as it stands in messages and in docs/settings.md. */
  readonly allowed: string;
  /** What is wrong with the text, or nothing. It never repeats the text, which may be a secret. */
  readonly faultIn: (text: string) => string | undefined;
}

/** The limits of the Secret of WebSocket Audio Streaming, and of its Server Address. */
const MAX_SECRET_NAME_BYTES = 63;
const MAX_SECRET_VALUE_BYTES = 255;
const MAX_SERVER_ADDRESS_BYTES = 255;
const MAX_LOGIN_CHARACTERS = 255;
const MAX_APP_NAME_CHARACTERS = 64;

/** Header fields that make the upgrade request what it is; a secret under such a name would break it (RFC 9110, RFC 6455). */
const UPGRADE_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const ASTERISK_URL: TextFormat = {
  allowed: 'an http:// or https:// address, perhaps with a path prefix, such as https://pbx.example.com:8089/pbx',
  faultIn(text) {
    const address = parseWebAddress(text);
    if (address === undefined) return 'is not a web address';
    if (address.userInfo !== undefined) {
      return 'holds credentials: put them into asterisk.username and asterisk.password';
    }
    if (address.scheme !== 'http' && address.scheme !== 'https') return 'does not begin with http:// or https://';
    if (address.query !== undefined || address.fragment !== undefined) return 'has a part behind ? or #';
    return /\/ari\/*$/.test(address.path) ? 'ends in /ari, which is added by this program: leave it out' : undefined;
  },
};

export const SERVER_ADDRESS: TextFormat = {
  allowed: `a ws:// or wss:// address of at most ${MAX_SERVER_ADDRESS_BYTES} bytes, such as wss://example.com/audio`,
  faultIn(text) {
    if (text.length > MAX_SERVER_ADDRESS_BYTES) return `is ${text.length} characters long`;
    const address = parseWebAddress(text);
    if (address === undefined) return 'is not a web address';
    if (address.userInfo !== undefined)
      return 'holds credentials: use streaming.secret.name and streaming.secret.value';
    if (address.scheme !== 'ws' && address.scheme !== 'wss') return 'does not begin with ws:// or wss://';
    return address.fragment === undefined ? undefined : 'has a part behind #, which WebSocket addresses must not have';
  },
};

export const LISTEN_ADDRESS: TextFormat = {
  allowed: 'HOST:PORT, such as 127.0.0.1:40000 or [::1]:40000; port 0 takes any free port',
  faultIn: (text) => (parseHostPort(text) === undefined ? 'is not of the form HOST:PORT' : undefined),
};

/** The word that switches a listener off: an empty text counts as not given. */
export const OFF = 'off';

export const LISTEN_ADDRESS_OR_OFF: TextFormat = {
  allowed: `HOST:PORT, such as 127.0.0.1:9464 or [::1]:9464 (port 0 takes any free port), or the word ${OFF}`,
  faultIn: (text) => (text === OFF ? undefined : LISTEN_ADDRESS.faultIn(text)),
};

export const TRACES_ADDRESS: TextFormat = {
  allowed: 'an http:// or https:// address of OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces',
  faultIn(text) {
    const address = parseWebAddress(text);
    if (address === undefined) return 'is not a web address';
    if (address.userInfo !== undefined)
      return 'holds credentials: what a collector wants goes into OTEL_EXPORTER_OTLP_HEADERS';
    if (address.scheme !== 'http' && address.scheme !== 'https') return 'does not begin with http:// or https://';
    return address.fragment === undefined ? undefined : 'has a part behind #';
  },
};

export const ADVERTISED_ADDRESS: TextFormat = {
  allowed: 'HOST or HOST:PORT that Asterisk can send to, such as 192.0.2.10 or 192.0.2.10:40000',
  faultIn(text) {
    const host = parseHost(text);
    const pair = host === undefined ? parseHostPort(text) : { host, port: undefined };
    if (pair === undefined) return 'is neither HOST nor HOST:PORT';
    if (pair.port === 0) return 'has port 0, to which nobody can send';
    return isUnspecified(pair.host) ? 'stands for every address, to which nobody can send' : undefined;
  },
};

export const USERNAME: TextFormat = {
  allowed: `1 to ${MAX_LOGIN_CHARACTERS} characters without a colon (RFC 7617) or a control character`,
  faultIn(text) {
    return text.includes(':') ? 'holds a colon' : PASSWORD.faultIn(text);
  },
};

export const PASSWORD: TextFormat = {
  allowed: `1 to ${MAX_LOGIN_CHARACTERS} characters without a control character`,
  faultIn(text) {
    if (hasControlCharacter(text)) return 'holds a control character';
    return text.length > MAX_LOGIN_CHARACTERS ? `is ${text.length} characters long` : undefined;
  },
};

export const APP_NAME: TextFormat = {
  allowed: `1 to ${MAX_APP_NAME_CHARACTERS} of the characters A-Z a-z 0-9 . _ -`,
  faultIn(text) {
    if (text.length > MAX_APP_NAME_CHARACTERS) return `is ${text.length} characters long`;
    return /^[\w.-]+$/.test(text) ? undefined : 'holds a character that is not allowed';
  },
};

export const FIELD_NAME: TextFormat = {
  allowed: `a header field name (RFC 9110) of at most ${MAX_SECRET_NAME_BYTES} bytes that the WebSocket upgrade does not use itself, such as X-Api-Key`,
  faultIn(text) {
    if (text === '') return 'is empty';
    if (text.length > MAX_SECRET_NAME_BYTES) return `is ${text.length} characters long`;
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(text)) return 'holds a character that a header field name must not have';
    const name = text.toLowerCase();
    const isTaken = UPGRADE_FIELDS.has(name) || name.startsWith('sec-websocket-');
    return isTaken ? 'is a field that the WebSocket upgrade uses itself' : undefined;
  },
};

export const FIELD_VALUE: TextFormat = {
  allowed: `1 to ${MAX_SECRET_VALUE_BYTES} visible ASCII characters; spaces and tabs only inside`,
  faultIn(text) {
    if (text === '') return 'is empty';
    if (text.length > MAX_SECRET_VALUE_BYTES) return `is ${text.length} characters long`;
    if (/^[ \t]|[ \t]$/.test(text)) return 'begins or ends with a space or tab';
    return /^[\t\x20-\x7e]+$/.test(text) ? undefined : 'holds a character that is not allowed';
  },
};

export const FILE_PATH: TextFormat = {
  allowed: 'the path of a file',
  faultIn: (text) => (text.includes('\0') ? 'holds a NUL character' : undefined),
};

export const FOLDER_PATH: TextFormat = { ...FILE_PATH, allowed: 'the path of a folder' };

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
