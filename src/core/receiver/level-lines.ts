/** One line of text per participant: a level meter while its audio flows, figures when it ends. */
import { peakDbfs, rmsDbfs } from '../audio/level.js';
import type { Reading } from './level-meter.js';
import { printable } from './printable.js';
import type { Participant } from './received-calls.js';

/** A line, and how many columns it takes; its colour codes take none. */
export interface Line {
  readonly text: string;
  readonly width: number;
}

export interface LiveView {
  readonly participant: Participant;
  readonly reading: Reading;
}

const METER_FLOOR_DBFS = -60;
/** Speech peaks below the first, and is about to clip above the second. */
const YELLOW_FROM_DBFS = -18;
const RED_FROM_DBFS = -6;
const MIN_METER_COLUMNS = 10;
const MAX_METER_COLUMNS = 60;
const GAP = '  ';
const MAX_COLUMNS = { number: 16, channelid: 28, callflow: 16 } as const;

const GREEN = '32';
const YELLOW = '33';
const RED = '31';
const BOLD = '1';
const DIM = '2';

/** Lines that stand under one another, all of the same columns, none wider than `columns` - 1. */
export function liveLines(views: readonly LiveView[], sampleRate: number, columns: number, inColour: boolean): Line[] {
  const rows = views.map(({ participant, reading }) => ({
    reading,
    number: numberOf(participant),
    channelid: printable(participant.channelid),
    callflow: callflowsOf(participant),
    seconds: clockTime(participant.level.samples / sampleRate),
    level: levelText(reading.dbfs),
  }));
  type Column = Exclude<keyof (typeof rows)[number], 'reading'>;
  const widthOf = (column: Column): number => {
    const longest = Math.max(0, ...rows.map((row) => row[column].length));
    return column in MAX_COLUMNS ? Math.min(longest, MAX_COLUMNS[column as keyof typeof MAX_COLUMNS]) : longest;
  };

  const widthWithGap = (column: Column): number => (widthOf(column) === 0 ? 0 : widthOf(column) + GAP.length);

  // The narrower the terminal, the fewer columns stand before the meter.
  const layouts: Column[][] = [['number', 'channelid', 'callflow', 'seconds'], ['number', 'channelid'], ['number'], []];
  const room = (before: readonly Column[]): number =>
    columns - 1 - before.reduce((sum, column) => sum + widthWithGap(column), 0) - GAP.length - widthOf('level');
  const before = (layouts.find((layout) => room(layout) >= MIN_METER_COLUMNS) ?? []).filter(
    (column) => widthOf(column) > 0,
  );
  const meterColumns = Math.max(0, Math.min(MAX_METER_COLUMNS, room(before)));

  const paint = inColour ? colour : plain;
  return rows.map((row) => {
    const cells = before.map((column) => {
      const text = padOrCut(row[column], widthOf(column), column === 'seconds');
      return column === 'number' ? paint(text, BOLD) : text;
    });
    const text = [...cells, meter(row.reading, meterColumns, paint), row.level.padStart(widthOf('level'))].join(GAP);
    return { text, width: columns - 1 - room(before) + meterColumns };
  });
}

/** What stays on the screen of a participant whose stream has ended. */
export function finalLine(participant: Participant, sampleRate: number, inColour: boolean): string {
  const paint = inColour ? colour : plain;
  const mark = participant.complete ? paint('✓', GREEN) : paint('✗', RED);
  const figures = [
    // Wide enough for most, so that the lines of one call stand in columns.
    paint(numberOf(participant).padEnd(12), BOLD),
    printable(participant.channelid).padEnd(24),
    callflowsOf(participant),
    clockTime(participant.level.samples / sampleRate),
    `rms ${levelText(rmsDbfs(participant.level))}`,
    `peak ${levelText(peakDbfs(participant.level))}`,
    paint(participant.wav, DIM),
    participant.complete ? '' : paint('cut off: no end message', RED),
  ];
  return `${mark} ${figures.filter((figure) => figure !== '').join(GAP)}`;
}

/** What is printed for a participant where lines can't be drawn anew. */
export function plainLine(word: 'begin' | 'level' | 'end', participant: Participant, sampleRate: number): string {
  const { callid, channelid, fragments, level } = participant;
  const who = `${word.padEnd(5)}  ${numberOf(participant)}  ${printable(channelid)}  call ${printable(callid)}`;
  const callflows = callflowsOf(participant);
  if (word === 'begin') return callflows === '' ? who : `${who}  ${callflows}`;

  const seconds = `${(level.samples / sampleRate).toFixed(1)} s`;
  const levels = `rms ${levelText(rmsDbfs(level))}  peak ${levelText(peakDbfs(level))}`;
  if (word === 'level') return `${who}  ${seconds}  ${levels}`;
  const ending = participant.complete ? 'complete' : 'cut off';
  return `${who}  ${seconds}  ${fragments} fragments  ${levels}  ${ending}  ${participant.wav}`;
}

/** `0:07.4`, `12:07.4`, `1:12:07.4`. */
export function clockTime(seconds: number): string {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const wholeMinutes = Math.floor(tenths / 600);
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  if (wholeMinutes < 60) return `${wholeMinutes}:${rest}`;
  return `${Math.floor(wholeMinutes / 60)}:${String(wholeMinutes % 60).padStart(2, '0')}:${rest}`;
}

type Paint = (text: string, code: string) => string;

function colour(text: string, code: string): string {
  return `\x1b[${code}m${text}\x1b[0m`;
}

function plain(text: string): string {
  return text;
}

function numberOf(participant: Participant): string {
  return participant.number === '' ? 'no number' : printable(participant.number);
}

function callflowsOf(participant: Participant): string {
  return participant.callflows.filter((callflow) => callflow !== '').join('>');
}

function levelText(dbfs: number): string {
  const rounded = dbfs.toFixed(1);
  return `${(rounded === '-0.0' ? '0.0' : rounded).padStart(5)} dBFS`;
}

function padOrCut(text: string, width: number, atRight: boolean): string {
  if (text.length > width) return `${text.slice(0, Math.max(0, width - 1))}…`;
  return atRight ? text.padStart(width) : text.padEnd(width);
}

/** A bar of `━`, half a column fine, its colour by zone, with `┃` where the peak is held. */
function meter({ dbfs, heldDbfs }: Reading, columns: number, paint: Paint): string {
  const halves = Math.round(2 * columnOf(dbfs, columns));
  const held = Math.min(columns - 1, Math.floor(columnOf(heldDbfs, columns)));
  const cells = Array.from({ length: columns }, (_, column) => {
    const zone = zoneOf(METER_FLOOR_DBFS * (1 - (column + 0.5) / columns));
    if (column === held && heldDbfs > METER_FLOOR_DBFS) return { glyph: '┃', code: zone };
    if (2 * column + 2 <= halves) return { glyph: '━', code: zone };
    return 2 * column + 1 === halves ? { glyph: '╸', code: zone } : { glyph: '─', code: DIM };
  });

  // Neighbours of one colour share one code: a screen of fifty lines is drawn five times a second.
  let text = '';
  for (let from = 0, to = 0; from < cells.length; from = to) {
    const code = cells[from]?.code ?? DIM;
    while (to < cells.length && cells[to]?.code === code) to += 1;
    const run = cells.slice(from, to);
    text += paint(run.map(({ glyph }) => glyph).join(''), code);
  }
  return text;
}

function columnOf(dbfs: number, columns: number): number {
  return columns * Math.min(1, Math.max(0, 1 - dbfs / METER_FLOOR_DBFS));
}

function zoneOf(dbfs: number): string {
  if (dbfs >= RED_FROM_DBFS) return RED;
  return dbfs >= YELLOW_FROM_DBFS ? YELLOW : GREEN;
}
