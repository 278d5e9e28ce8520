/** Tables of plain text, as a terminal and a page of documentation show them. */

/** The first column is words and stands left; all others are figures and stand right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** With so many digits behind the point; a dash for what is not there. */
export function figure(value: number | undefined, digits: number, unit = ''): string {
  if (value === undefined) return '–';
  const text = Number.isFinite(value) ? value.toFixed(digits) : '∞';
  return unit === '' ? text : `${text} ${unit}`;
}

export function percent(share: number | undefined, digits = 1): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(digits)} %`;
}
