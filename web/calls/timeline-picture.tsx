/** The timeline of a call as SVG. Positions are per cent, so it fits any width and its words keep their size. */
import { lengthOf } from '../words/amounts.js';
import { type GapStretch, rowInWords, type Stretch, type Timeline, type TimelineRow } from './timeline.js';

const ROW = 40;
/** Above the rows: the callflow, if it was any. */
const HEAD = 34;
const BARE_HEAD = 8;
const BAR = 14;
/** A gap of a few milliseconds would not be seen at all, in per cent. */
const LEAST_WIDTH = 0.35;

const percent = (portion: number): string => `${(portion * 100).toFixed(3)}%`;
const across = ({ from, width }: Stretch) => ({
  x: percent(Math.min(from, 1 - LEAST_WIDTH / 100)),
  width: percent(Math.max(width, LEAST_WIDTH / 100)),
});

export function TimelinePicture({ timeline }: { readonly timeline: Timeline }) {
  const { rows, steps, ticks, lengthMs } = timeline;
  const head = steps.length > 0 ? HEAD : BARE_HEAD;
  const height = head + rows.length * ROW + 24;
  const has = (wanted: GapStretch['why']) => rows.some(({ gaps }) => gaps.some(({ why }) => why === wanted));
  const words = rows.map((row) => rowInWords(row, lengthOf(row.present.width * lengthMs))).join('. ');
  return (
    <figure class="timeline">
      <svg width="100%" height={height} role="img" aria-label={`Timeline of ${lengthOf(lengthMs)}. ${words}`}>
        {ticks.map(({ at, label }) => (
          <g key={label}>
            <line class="tick" x1={percent(at)} x2={percent(at)} y1={head - 6} y2={height - 20} />
            <text class="tick-label" x={percent(at)} y={height - 4} text-anchor={anchorOf(at)}>
              {label}
            </text>
          </g>
        ))}
        {steps.map((step) => (
          <svg
            key={`${step.label}${step.from}`}
            {...across(step)}
            y="0"
            height="20"
            overflow="hidden"
            aria-hidden="true"
          >
            <rect class={step.label === 'Direct' ? 'step direct' : 'step'} width="100%" height="20" rx="4" />
            <text class="step-label" x="8" y="14">
              {step.label}
            </text>
          </svg>
        ))}
        {rows.map((row, index) => (
          <Row key={`${row.channelid}${row.present.from}`} row={row} top={head + index * ROW} />
        ))}
      </svg>
      <figcaption class="row small muted legend">
        <span class="key present">present</span>
        {has('lost') && <span class="key lost">lost</span>}
        {has('paused') && <span class="key paused">paused</span>}
        {steps.length > 0 && <span class="key flow">callflow</span>}
      </figcaption>
    </figure>
  );
}

function Row({ row, top }: { readonly row: TimelineRow; readonly top: number }) {
  const isLate = row.present.from > 0.7;
  return (
    <g>
      <text
        class="row-label"
        x={percent(isLate ? row.present.from + row.present.width : row.present.from)}
        y={top + 11}
        text-anchor={isLate ? 'end' : 'start'}
      >
        {row.number === '' ? 'unknown' : row.number}
      </text>
      <rect class="present" {...across(row.present)} y={top + 17} height={BAR} rx="4" />
      {row.gaps.map((gap) => (
        <rect key={`${gap.why}${gap.from}`} class={gap.why} {...across(gap)} y={top + 17} height={BAR}>
          <title>{`${lengthOf(gap.milliseconds)} ${gap.why}`}</title>
        </rect>
      ))}
    </g>
  );
}

function anchorOf(at: number): 'start' | 'middle' | 'end' {
  if (at < 0.03) return 'start';
  return at > 0.97 ? 'end' : 'middle';
}
