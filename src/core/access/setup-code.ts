/** The one-time code for the first account: whoever reads the log may make it, and nobody else. */

/** Without those that are taken for one another: 0 and O, 1 and I and L, U and V. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 3;
const GROUP_LETTERS = 4;
const LIFE_MS = 24 * 3_600_000;

/** How many random octets a code is made of: its 12 letters hold 58 bits. */
export const SETUP_CODE_OCTETS = GROUPS * GROUP_LETTERS;

/** Such as `7KQM-3XTA-RW9D`. Some letters are a little likelier than others, which costs less than one bit. */
export function writeSetupCode(random: Uint8Array): string {
  const letters = [...random.subarray(0, SETUP_CODE_OCTETS)].map((octet) => LETTERS[octet % LETTERS.length]);
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LETTERS, (group + 1) * GROUP_LETTERS).join(''),
  ).join('-');
}

/** As typed by a person: small letters, spaces and missing dashes make no difference. */
export function plainSetupCode(text: string): string {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, '');
}

/** One code at a time, of 24 hours at most; used once, or replaced by the next. Times are milliseconds on a monotonic clock. */
export class SetupCode {
  #code: { readonly plain: string; readonly until: number } | undefined;

  /** From now on this one is valid, and no other. */
  issue(code: string, now: number): void {
    this.#code = { plain: plainSetupCode(code), until: now + LIFE_MS };
  }

  /** Whether one can be used. */
  isValid(now: number): boolean {
    return this.#code !== undefined && now < this.#code.until;
  }

  /** Compares by way of `isSame`, which must take equally long whatever it compares. */
  accepts(typed: string, now: number, isSame: (one: string, other: string) => boolean): boolean {
    const code = this.#code;
    if (code === undefined || now >= code.until) return false;
    return isSame(plainSetupCode(typed), code.plain);
  }

  /** It was used. */
  spend(): void {
    this.#code = undefined;
  }
}
