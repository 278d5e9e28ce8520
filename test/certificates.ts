/**
 * A certificate authority of a test's own, and the certificates that it signs: X.509 as RFC 5280 has it, written in DER
 * (ITU-T X.690) by hand, because Node reads certificates but makes none and a test machine may have no openssl(1).
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A server's key and certificate, PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** PEM of the authority's own certificate: what a client is to trust. */
  readonly ca: string;
  /** A certificate for one host, a name or an IPv4 address; or for a client of that name. */
  issue(host: string, lifetime?: Lifetime): Identity;
}

/** Both in milliseconds from now on; whole seconds count. */
export interface Lifetime {
  readonly from: number;
  readonly until: number;
}

const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/** Universal tags; structured ones have bit 6 set. Context tags begin at 0x80. */
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const DAY_MS = 86_400_000;
const A_MONTH: Lifetime = { from: -DAY_MS, until: 30 * DAY_MS };
export const EXPIRED: Lifetime = { from: -2 * DAY_MS, until: -DAY_MS };
export const NOT_YET_VALID: Lifetime = { from: DAY_MS, until: 2 * DAY_MS };

/** Makes an authority that nobody trusts by himself. */
export function makeAuthority(name = 'a test authority'): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension(BASIC_CONSTRAINTS, der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff]))), 'critical');
  return {
    ca: certificate({
      subject: name,
      issuer: name,
      key: own.publicKey,
      signer: own.privateKey,
      extra: isAuthority,
      lifetime: A_MONTH,
    }),
    issue: (host, lifetime = A_MONTH) => identity(host, name, own.privateKey, lifetime),
  };
}

/** A certificate that vouches for itself. */
export function selfSigned(host: string): Identity {
  return identity(host, host, undefined, A_MONTH);
}

/** Without a signer it signs itself. */
function identity(host: string, issuer: string, signer: KeyObject | undefined, lifetime: Lifetime): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hostName = isIPv4(host)
    ? der(IP_ADDRESS, Buffer.from(host.split('.').map(Number)))
    : der(DNS_NAME, Buffer.from(host));
  const extra = extension(SUBJECT_ALT_NAME, der(SEQUENCE, hostName));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate({ subject: host, issuer, key: publicKey, signer: signer ?? privateKey, extra, lifetime }),
  };
}

interface Contents {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly extra: Buffer;
  readonly lifetime: Lifetime;
}

/** RFC 5280, 4.1: the part that is signed, how, and the signature. */
function certificate({ subject, issuer, key, signer, extra, lifetime }: Contents): string {
  const algorithm = der(SEQUENCE, objectId(ECDSA_WITH_SHA256));
  const signed = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    // A serial number is positive: its first bit is 0.
    der(INTEGER, Buffer.concat([Buffer.from([0x40]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer),
    der(SEQUENCE, utcTime(lifetime.from), utcTime(lifetime.until)),
    distinguishedName(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, extra)),
  );
  const whole = der(SEQUENCE, signed, algorithm, bitString(sign('sha256', signed, signer)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  const flag = critical === undefined ? [] : [der(BOOLEAN, Buffer.from([0xff]))];
  return der(SEQUENCE, objectId(id), ...flag, der(OCTET_STRING, value));
}

function distinguishedName(name: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, objectId(COMMON_NAME), der(UTF8_STRING, Buffer.from(name)))));
}

/** `YYMMDDHHMMSSZ`, some milliseconds from now. */
function utcTime(fromNowMs: number): Buffer {
  const digits = new Date(Date.now() + fromNowMs).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(UTC_TIME, Buffer.from(`${digits}Z`));
}

/** The octet before the bits says how many of the last ones do not count. */
function bitString(bits: Buffer): Buffer {
  return der(BIT_STRING, Buffer.from([0]), bits);
}

/** The first two numbers share an octet; each of the others is in groups of seven bits, all but the last marked. */
function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = rest.flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >>> 7; left > 0; left >>>= 7) groups.unshift(0x80 | (left & 0x7f));
    return groups;
  });
  return der(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...octets]));
}

/** Tag, length, value. */
function der(tag: number, ...values: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(values);
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}
