/** Text from outside, made safe to print on a terminal. */

/** No number and no channel name of Asterisk is longer; a wall of text from outside would drown the screen. */
const MAX_SHOWN_CHARACTERS = 80;

/**
 * Keeps printable ASCII and shows everything else as a dot. An escape sequence would steer the terminal, and a wide,
 * invisible or right-to-left character would break the columns.
 */
export function printable(text: string): string {
  const safe = text.slice(0, MAX_SHOWN_CHARACTERS).replace(/[^\x20-\x7e]/gu, '·');
  return text.length > MAX_SHOWN_CHARACTERS ? `${safe}…` : safe;
}
