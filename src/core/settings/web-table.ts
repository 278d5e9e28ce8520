/** The settings of the page's web server: a part of the table of settings. */
import { FILE_PATH, LISTEN_ADDRESS_OR_OFF } from './formats.js';
import type { Setting } from './setting.js';
import { BASE_PATH, HOST_NAME, PROXY } from './web-formats.js';

export const WEB_SETTINGS = {
  'web.listen': {
    kind: 'text',
    format: LISTEN_ADDRESS_OR_OFF,
    fallback: '127.0.0.1:8090',
    effect: 'next-start',
    help: 'Where the settings page and its API listen. At this default they can be opened on this machine only; from others by another address, better with web.cert and web.key or behind a reverse proxy.',
  },
  'web.cert': {
    kind: 'path',
    format: FILE_PATH,
    content: 'certificates',
    otherwise: 'none: http',
    effect: 'next-start',
    help: 'The PEM certificate of the page, with those of its authority behind it. With it and web.key the page speaks https.',
  },
  'web.key': {
    kind: 'path',
    format: FILE_PATH,
    content: 'private-key',
    otherwise: 'none; required with web.cert',
    effect: 'next-start',
    help: 'The PEM key of web.cert, without a passphrase.',
  },
  'web.basePath': {
    kind: 'text',
    format: BASE_PATH,
    otherwise: 'none: the page is at /',
    effect: 'next-start',
    help: 'The path under which the page is, for a reverse proxy that has other pages too. The proxy hands the path on as it is.',
  },
  'web.trustedProxies': {
    kind: 'list',
    format: PROXY,
    fallback: [],
    effect: 'next-start',
    help: 'The reverse proxies whose X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host are believed.',
  },
  'web.hosts': {
    kind: 'list',
    format: HOST_NAME,
    fallback: [],
    effect: 'next-start',
    help: 'The names under which the page may be opened, beside addresses and localhost. Where none is given, any name will do, unless web.listen is an address that only this machine has.',
  },
} as const satisfies Record<string, Setting>;
