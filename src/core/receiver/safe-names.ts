/** File names for ids that come from outside: none leaves its folder, and no two ids share one. */

/** Long enough for any channel name of Asterisk (80 characters), short enough for any file system (255 bytes). */
const MAX_NAME_CHARACTERS = 120;

/** Device names of Windows, which open a device whatever folder they stand in. */
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The names given out in one folder. */
export class SafeNames {
  readonly #taken = new Set<string>();
  /** Where to look on for the next free number, so that a thousand alike ids cost no million looks. */
  readonly #nextCount = new Map<string, number>();
  readonly #extension: string;

  /** `taken` are names that stand in the folder already. Every name ends in `extension`, such as `.wav`. */
  constructor(extension: string, taken: Iterable<string> = []) {
    this.#extension = extension;
    for (const name of taken) this.#taken.add(fold(name));
  }

  /** A name that nobody has yet: `PJSIP/1009-00000007` gives `PJSIP_1009-00000007`, the next such id `…-2`. */
  claim(id: string): string {
    const plain = safeName(id);
    let name = plain + this.#extension;
    let count = this.#nextCount.get(fold(plain)) ?? 2;
    for (; this.#taken.has(fold(name)); count++) name = `${plain}-${count}${this.#extension}`;
    this.#taken.add(fold(name));
    this.#nextCount.set(fold(plain), count);
    return name;
  }
}

function safeName(id: string): string {
  const name = id.slice(0, MAX_NAME_CHARACTERS).replace(/[^A-Za-z0-9._-]/g, '_');
  // A first dot hides a file or names a parent, a first hyphen reads as an option; Windows drops a last dot.
  const tame = name.replace(/^[.-]+/, '_').replace(/\.+$/, '_');
  return tame === '' || DEVICE_NAME.test(tame) ? `_${tame}` : tame;
}

/** Some file systems hold `A` and `a` for the same name. */
function fold(name: string): string {
  return name.toLowerCase();
}
