/**
 * Finds the place where a text stops being JSON (RFC 8259). JSON.parse names no place in some of its messages, and
 * repeats the text around it in others: of a settings file that may be a password.
 */

export interface JsonFault {
  /** Both count from 1; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 forbids exactly these in a string.
const STRING_START = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

type Expected = 'value' | 'value-or-close' | 'name' | 'name-or-close' | 'colon' | 'comma-or-close';

/** Where the first fault is, or nothing when the text is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const end = new JsonScanner(text).firstFault();
  if (end === undefined) return undefined;
  const lines = text.slice(0, end).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Reads on as long as the text is JSON. What is open is a stack and not a recursion, so that no depth can overflow it. */
class JsonScanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The offset of what could not be read, or nothing. */
  firstFault(): number | undefined {
    let expected: Expected | undefined = 'value';
    while (expected !== undefined) {
      this.#take(SPACE);
      if (expected === 'comma-or-close' && this.#open.length === 0) break;
      expected = this.#step(expected);
    }
    const isWhole = expected !== undefined && this.#at === this.#text.length;
    return isWhole ? undefined : this.#at;
  }

  /** Takes one token; returns what must follow, or nothing when this is not what was expected. */
  #step(expected: Expected): Expected | undefined {
    switch (expected) {
      case 'value':
        return this.#takeValue();
      case 'value-or-close':
        return this.#takeClose() ?? this.#takeValue();
      case 'name':
        return this.#takeString() ? 'colon' : undefined;
      case 'name-or-close':
        return this.#takeClose() ?? (this.#takeString() ? 'colon' : undefined);
      case 'colon':
        return this.#take(/:/y) ? 'value' : undefined;
      case 'comma-or-close':
        if (this.#take(/,/y)) return this.#open.at(-1) === '{' ? 'name' : 'value';
        return this.#takeClose();
    }
  }

  #takeValue(): Expected | undefined {
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      this.#at += 1;
      this.#open.push(first);
      return first === '{' ? 'name-or-close' : 'value-or-close';
    }
    return this.#take(SCALAR) || this.#takeString() ? 'comma-or-close' : undefined;
  }

  #takeClose(): Expected | undefined {
    if (!this.#take(this.#open.at(-1) === '{' ? /\}/y : /\]/y)) return undefined;
    this.#open.pop();
    return 'comma-or-close';
  }

  #takeString(): boolean {
    return this.#take(STRING_START) && this.#take(/"/y);
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}
