/** The server's address in two parts: the picker (`ws://` or `wss://`), and what is typed beside it. */

export const SCHEMES = ['ws://', 'wss://'] as const;
export type Scheme = (typeof SCHEMES)[number];

export interface AddressParts {
  readonly scheme: Scheme;
  readonly rest: string;
}

export function partsOf(address: string): AddressParts {
  const [, found, rest = ''] = /^(wss?:\/\/)?(.*)$/is.exec(address.trim()) ?? [];
  const scheme = SCHEMES.find((one) => one === found?.toLowerCase());
  // Encrypted is what a new address should be.
  return { scheme: scheme ?? 'wss://', rest: scheme === undefined ? address.trim() : rest };
}

/** An address with nothing behind the scheme is no address yet. */
export function addressOf({ scheme, rest }: AddressParts): string {
  const trimmed = rest.trim();
  return trimmed === '' ? '' : scheme + trimmed;
}

/** What was typed or pasted: a whole address brings its scheme along; http and https are taken for ws and wss. */
export function typed(text: string, present: Scheme): AddressParts {
  const [, scheme, rest] = /^\s*(wss?|https?):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return { scheme: present, rest: text };
  return { scheme: /^(?:wss|https)$/i.test(scheme) ? 'wss://' : 'ws://', rest };
}

/** Whether the audio and the secret would leave this machine readable for everybody on the way. */
export function isReadableOnTheWay({ scheme, rest }: AddressParts): boolean {
  if (scheme === 'wss://' || rest.trim() === '') return false;
  return !/^(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/?]|$)/i.test(rest.trim());
}
