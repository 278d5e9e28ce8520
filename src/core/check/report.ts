/** The findings as text for people and as JSON for programs; docs/check.md describes both. */

import { visibleText } from '../visible-text.js';
import { AREAS, type Area, areaOf, exitCodeFor, type Finding, LEVELS, type Level } from './finding.js';

export interface ReportOptions {
  /** For terminals: the levels are told by colour too, never by colour alone. */
  readonly inColour: boolean;
}

const TITLES: Readonly<Record<Area, string>> = {
  settings: 'Settings',
  machine: 'This machine',
  asterisk: 'Asterisk',
  audio: 'Audio from Asterisk',
  receiver: 'Receiver',
};

const SIGNS: Readonly<Record<Level, string>> = { ok: '✓', note: 'i', warning: '!', error: '✗', skipped: '-' };
/** SGR codes of ECMA-48: green, cyan, yellow, red, faint. */
const COLOURS: Readonly<Record<Level, number>> = { ok: 32, note: 36, warning: 33, error: 31, skipped: 2 };
const LEVEL_WIDTH = Math.max(...LEVELS.map((level) => level.length));
const INDENT = ' '.repeat(5 + LEVEL_WIDTH);

/** The whole report, area by area, the sum at its end. */
export function textReport(findings: readonly Finding[], { inColour }: ReportOptions): string {
  const groups = AREAS.flatMap((area) => {
    const ofArea = findings.filter((finding) => areaOf(finding) === area);
    return ofArea.length === 0 ? [] : [[TITLES[area], ...ofArea.flatMap((one) => linesOf(one, inColour))].join('\n')];
  });
  return `${[...groups, sumOf(findings)].join('\n\n')}\n`;
}

/** One object, its shape stable: fields may be added, none goes or changes its meaning within one `format`. */
export function jsonReport(findings: readonly Finding[]): string {
  const counts = Object.fromEntries(LEVELS.map((level) => [level, countOf(findings, level)]));
  const exitCode = exitCodeFor(findings);
  const shown = findings.map((finding) => ({
    id: finding.id,
    area: areaOf(finding),
    level: finding.level,
    what: finding.what,
    why: finding.why ?? null,
    lines: (finding.lines ?? []).map(({ where, text }) => ({ where, text })),
  }));
  return `${visibleJson(JSON.stringify({ format: 1, exitCode, counts, findings: shown }, null, 2))}\n`;
}

function linesOf({ level, what, why, lines = [] }: Finding, inColour: boolean): string[] {
  const label = `${SIGNS[level]} ${level.padEnd(LEVEL_WIDTH)}`;
  const shown = inColour ? `\u001b[${COLOURS[level]}m${label}\u001b[0m` : label;
  return [
    `  ${shown} ${visibleText(what)}`,
    ...(why === undefined ? [] : [`${INDENT}why:    ${visibleText(why)}`]),
    ...lines.map(({ where, text }) => `${INDENT}change: ${visibleText(where)}: ${visibleText(text)}`),
  ];
}

function sumOf(findings: readonly Finding[]): string {
  const parts = (['error', 'warning', 'note', 'ok', 'skipped'] as const).flatMap((level) => {
    const count = countOf(findings, level);
    const word = count > 1 && level !== 'ok' && level !== 'skipped' ? `${level}s` : level;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const verdict = ['All is well', 'Some things want attention', 'Something is wrong'][exitCodeFor(findings)];
  return `${verdict}: ${parts.join(', ')}.`;
}

function countOf(findings: readonly Finding[], level: Level): number {
  return findings.filter((finding) => finding.level === level).length;
}

/** The line breaks of the layout stay; whatever else is invisible is escaped as JSON escapes it. */
function visibleJson(json: string): string {
  return json.split('\n').map(visibleText).join('\n');
}
