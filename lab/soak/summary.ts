/** A soak's result in words: for the terminal and, as Markdown, for docs/reliability.md. */
import type { Slope } from './slope.js';
import type { SoakResult } from './soak.js';
import type { SoakPlanOptions } from './soak-plan.js';

const MB = 1_000_000;
const MS_PER_MINUTE = 60_000;

/** How the same plan is carried out again. */
export function commandFor({ seed, minutes, compression, calls, faultEverySeconds }: SoakPlanOptions): string {
  return `npm run soak -- --seed ${seed} --minutes ${minutes} --compression ${compression} --calls ${calls} --fault-every ${faultEverySeconds}`;
}

/** Rows of what was done and found. */
export function summaryRows(options: SoakPlanOptions, result: SoakResult): readonly (readonly [string, string])[] {
  const { plan, ranMs, conversations, totals, phones, streams, leaks, fresh, idle } = result;
  const simulated = (ranMs * options.compression) / MS_PER_MINUTE;
  return [
    ['time', `${simulated.toFixed(0)} minutes simulated, in ${(ranMs / MS_PER_MINUTE).toFixed(1)} minutes`],
    [
      'conversations',
      `${conversations.good} as planned, ${conversations.excused} broken with Asterisk, ${conversations.failed} not as planned` +
        `; ${plan.blocked + result.notPlaced} not placed, their phones being busy`,
    ],
    ['faults', faultsOf(result)],
    ['lives of the add-on', String(result.lives)],
    ['streams', `${totals.begun} begun, ${totals.ended} ended, ${totals.cutOff} cut off by SIGKILL`],
    [
      'fragments of calls that ended',
      `${totals.sent} sent; dropped and counted: ${totals.dropped}, sent and unconfirmed: ${totals.unconfirmed}`,
    ],
    ['fragments at the receiver', `${totals.received}, and ${totals.repeated} of them came again after a reconnection`],
    [
      'sample by sample',
      `${streams.judged} streams, ${(streams.seconds / 60).toFixed(1)} minutes; missing without a count: ${streams.uncountedMs.toFixed(0)} ms; not judged: ${streams.ofBusyMachine} while the machine had no time`,
    ],
    [
      'phones',
      `${phones.judged} recordings, longest gap ${phones.longestGapMs.toFixed(0)} ms; not judged: ${phones.gapsOfBusyMachine} longer ones while the machine had no time`,
    ],
    ['machine', `a thread of Asterisk had to wait for a processor for ${result.longestWaitMs.toFixed(0)} ms at worst`],
    [
      'really held memory',
      `${slopeText(leaks.live, MB, 'MB')}; idle ${megabytes(fresh?.live)} at first, ${megabytes(idle?.live)} at last`,
    ],
    ['resident memory', `${slopeText(leaks.rss, MB, 'MB')}; at most ${megabytes(result.mostRss)}`],
    [
      'open files',
      `${slopeText(leaks.handles, 1, '')}; idle ${fresh?.handles ?? '?'} at first, ${idle?.handles ?? '?'} at last`,
    ],
  ];
}

export function summaryText(options: SoakPlanOptions, result: SoakResult): string {
  const rows = summaryRows(options, result);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [...rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`), '', verdictText(result)].join('\n');
}

/** Markdown. */
export function summaryTable(options: SoakPlanOptions, result: SoakResult): string {
  const rows = summaryRows(options, result).map(([name, text]) => `| ${name} | ${text} |`);
  return [
    `\`${commandFor(options)}\``,
    '',
    '| what | result |',
    '|---|---|',
    ...rows,
    '',
    verdictText(result),
    '',
  ].join('\n');
}

function verdictText({ problems }: SoakResult): string {
  if (problems.length === 0) return 'Everything adds up.';
  const head = problems.length === 1 ? '1 thing does not add up:' : `${problems.length} things do not add up:`;
  return [head, ...problems.map((problem) => `- ${problem}`)].join('\n');
}

function faultsOf({ faults }: SoakResult): string {
  const counts = Object.entries(faults).sort(([one], [other]) => one.localeCompare(other));
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return `${all}: ${counts.map(([kind, count]) => `${kind} ${count}`).join(', ')}`;
}

function slopeText(slope: Slope | undefined, per: number, unit: string): string {
  if (slope === undefined) return 'too little to judge its growth';
  const [growth, doubt] = [slope.perHour / per, slope.uncertainty / per].map((value) => value.toFixed(1));
  return `${growth} ± ${doubt} ${unit} growth in a simulated hour`.replace('  ', ' ');
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '?' : `${(bytes / MB).toFixed(1)} MB`;
}
