/** Reads the small text files that settings name, and says in words why one cannot be read. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type FileText = { readonly text: string } | { readonly wrong: string };

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/** The content as UTF-8 without a byte order mark. */
export function readTextFile(path: string): FileText {
  try {
    return { text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    return { wrong: `names a file that cannot be read (${reasonOf(error)}): ${path}` };
  }
}

/** A secret alone in a file: editors and `echo` put one newline behind it, which is not part of it. */
export function readSecretFile(path: string): FileText {
  const file = readTextFile(path);
  if (!('text' in file)) return file;
  const text = file.text.replace(/\r?\n$/, '');
  return text === '' ? { wrong: `names a file that is empty: ${path}` } : { text };
}

/** PEM certificates, each of which the TLS library can read. */
export function readCertificateFile(path: string): FileText {
  const file = readTextFile(path);
  if (!('text' in file)) return file;
  const certificates = file.text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) return { wrong: `names a file without a PEM certificate: ${path}` };
  const isSound = certificates.every((pem) => canBeRead(pem));
  return isSound ? file : { wrong: `names a file with a damaged certificate: ${path}` };
}

/** A PEM private key that the TLS library can read as it is. */
export function readKeyFile(path: string): FileText {
  const file = readTextFile(path);
  if (!('text' in file)) return file;
  try {
    createPrivateKey(file.text);
    return file;
  } catch {
    const isLocked = /ENCRYPTED/.test(file.text);
    return { wrong: `names a file ${isLocked ? 'whose key has a passphrase' : 'without a PEM private key'}: ${path}` };
  }
}

/** Whether this PEM key is that of the first of these PEM certificates; both can be read. */
export function isKeyOf(key: string, certificates: string): boolean {
  return new X509Certificate(certificates).checkPrivateKey(createPrivateKey(key));
}

function canBeRead(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

/** Why a file cannot be read, in words. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
  return REASONS[code] ?? code;
}
