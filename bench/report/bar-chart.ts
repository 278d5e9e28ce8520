/** Bar charts as SVG, without a library: bars in groups, each of one or more parts, and lines that are not to be crossed. */

export interface Bar {
  readonly label: string;
  /** From the bottom up, none negative. */
  readonly parts: readonly number[];
}

export interface BarGroup {
  readonly label: string;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  /** What the parts are, in their order; empty where there is one part only. */
  readonly parts: readonly string[];
  readonly groups: readonly BarGroup[];
  /** Lines across, at these heights. */
  readonly lines: readonly { readonly label: string; readonly at: number }[];
}

const WIDTH = 960;
const HEIGHT = 300;
const [LEFT, RIGHT, TOP, BOTTOM] = [60, 20, 50, 60];
const TICKS = 5;
/** Of Okabe and Ito: told apart by everybody. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];
const LINE_COLOUR = '#d55e00';
/** Room between two groups, in bars. */
const GROUP_GAP = 1;

/** One picture, the charts below one another; those without bars are left out. */
export function chartsAsSvg(charts: readonly BarChart[]): string {
  const shown = charts.filter(({ groups }) => groups.some(({ bars }) => bars.length > 0));
  const body = shown.map((chart, index) => `<g transform="translate(0 ${index * HEIGHT})">${chartBody(chart)}</g>`);
  const height = Math.max(1, shown.length) * HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** A round number that is at least the value, and whose fifths are round as well. */
export function axisEnd(value: number): number {
  if (value <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].find((one) => one * magnitude >= value) ?? 10;
  return step * magnitude;
}

function chartBody({ title, parts, groups, lines }: BarChart): string {
  const heights = groups.flatMap(({ bars }) => bars.map((bar) => total(bar)));
  const end = axisEnd(Math.max(...heights, ...lines.map(({ at }) => at)));
  const y = (value: number): number => round(HEIGHT - BOTTOM - (value / end) * (HEIGHT - TOP - BOTTOM));
  const slots = groups.reduce((sum, { bars }) => sum + bars.length + GROUP_GAP, 0);
  const slot = (WIDTH - LEFT - RIGHT) / slots;
  let x = LEFT + (slot * GROUP_GAP) / 2;
  const drawn: string[] = [
    text(LEFT, 18, title, 'start', 'font-size="14" font-weight="bold"'),
    axis(end, y),
    legend(parts),
  ];
  for (const { label, bars } of groups) {
    drawn.push(text(x + (slot * bars.length) / 2, HEIGHT - 20, label, 'middle', 'font-weight="bold"'));
    for (const bar of bars) {
      drawn.push(barAt(bar, x, slot, y));
      x += slot;
    }
    x += slot * GROUP_GAP;
  }
  return [...drawn, ...lines.map(({ label, at }) => lineAt(label, y(at)))].join('');
}

function barAt(bar: Bar, x: number, slot: number, y: (value: number) => number): string {
  let base = 0;
  const rects = bar.parts.map((part, index) => {
    const [top, bottom] = [y(base + part), y(base)];
    base += part;
    const colour = COLOURS[index % COLOURS.length];
    return `<rect x="${round(x + 2)}" y="${top}" width="${round(Math.max(1, slot - 4))}" height="${round(bottom - top)}" fill="${colour}"/>`;
  });
  const middle = x + slot / 2;
  const value = text(middle, y(total(bar)) - 4, shortFigure(total(bar)), 'middle');
  return [...rects, value, text(middle, HEIGHT - BOTTOM + 14, bar.label, 'middle')].join('');
}

function axis(end: number, y: (value: number) => number): string {
  return Array.from({ length: TICKS + 1 }, (_, tick) => {
    const value = (end * tick) / TICKS;
    const line = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="#dddddd"/>`;
    return line + text(LEFT - 6, y(value) + 4, shortFigure(value), 'end');
  }).join('');
}

function legend(parts: readonly string[]): string {
  return parts
    .map((part, index) => {
      const x = LEFT + index * 150;
      return `<rect x="${x}" y="26" width="10" height="10" fill="${COLOURS[index % COLOURS.length]}"/>${text(x + 14, 35, part, 'start')}`;
    })
    .join('');
}

function lineAt(label: string, y: number): string {
  const line = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="${LINE_COLOUR}" stroke-dasharray="6 3"/>`;
  return line + text(WIDTH - RIGHT, y - 4, label, 'end', `fill="${LINE_COLOUR}"`);
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${more}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function total({ parts }: Bar): number {
  return parts.reduce((sum, part) => sum + part, 0);
}

/** Three digits that count. */
function shortFigure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
