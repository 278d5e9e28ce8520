/** The lines at the foot of a terminal that are drawn anew in place, while finished lines scroll up above them (ECMA-48). */
import type { Line } from './level-lines.js';

const ERASE_TO_END_OF_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

export class LiveRegion {
  /** Widths of the lines that stand on the screen; the cursor rests on the row below them. */
  #widths: readonly number[] = [];

  /** What to write so that `scrolling` goes up for good and `live` stands below it, on a terminal of `columns`. */
  draw(scrolling: readonly string[], live: readonly Line[], columns: number): string {
    const up = this.#toTop(columns);
    this.#widths = live.map(({ width }) => width);
    const texts = [...scrolling, ...live.map(({ text }) => text)];
    return up + texts.map((text) => `${text}${ERASE_TO_END_OF_LINE}\n`).join('') + ERASE_BELOW;
  }

  /** What to write so that the region is gone and the cursor stands where it began. */
  clear(columns: number): string {
    const rows = this.#rows(columns);
    const up = this.#toTop(columns);
    this.#widths = [];
    // Row by row: some terminals (tmux) scroll what is erased from the top row on into their history.
    return rows === 0 ? '\r' : up + `${ERASE_TO_END_OF_LINE}\n`.repeat(rows) + up;
  }

  #toTop(columns: number): string {
    const rows = this.#rows(columns);
    return rows === 0 ? '\r' : `\r\x1b[${rows}A`;
  }

  /** A terminal made narrower since has wrapped the lines that stand on it. */
  #rows(columns: number): number {
    return this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))), 0);
  }
}
