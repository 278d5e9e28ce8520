/** Makes text from outside safe to show: a caller's name may hold a terminal's escape sequence, or turn text around. */

/** Control and format characters, private and unassigned ones, halves of pairs; line and paragraph separators. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The text with every invisible character written as `\uXXXX`, which inside JSON's quotes means the same character. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
