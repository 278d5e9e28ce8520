/** A call as a picture: where each stretch of it stands, as portions from 0 (its begin) to 1 (its end). */
import type { CallRecord } from '../../src/io/web/contract/calls.js';
import { CALLFLOW_WORDS } from '../words/callflow.js';

export interface Stretch {
  readonly from: number;
  readonly width: number;
}

export interface GapStretch extends Stretch {
  readonly why: 'lost' | 'paused';
  readonly milliseconds: number;
}

export interface TimelineRow {
  readonly channelid: string;
  readonly number: string;
  readonly present: Stretch;
  readonly gaps: readonly GapStretch[];
}

export interface Timeline {
  readonly lengthMs: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly steps: readonly (Stretch & { readonly label: string })[];
  readonly rows: readonly TimelineRow[];
}

/** Lengths between two ticks, in seconds: those that people count in. */
const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
const MOST_TICKS = 7;

/** `now` is the end of what is not over yet, in milliseconds since 1970. */
export function timelineOf(call: CallRecord, now: number): Timeline {
  const begin = Date.parse(call.begunAt);
  const end = Math.max(begin + 1, call.endedAt === null ? now : Date.parse(call.endedAt));
  const lengthMs = end - begin;
  const portion = (time: number): number => Math.min(1, Math.max(0, (time - begin) / lengthMs));
  const stretch = (from: number, to: number): Stretch => {
    const start = portion(from);
    return { from: start, width: Math.max(0, portion(to) - start) };
  };
  return {
    lengthMs,
    ticks: ticksOf(lengthMs),
    steps: call.callflows.map(({ at, callflow }, index) => {
      const next = call.callflows[index + 1];
      return {
        ...stretch(Date.parse(at), next === undefined ? end : Date.parse(next.at)),
        label: CALLFLOW_WORDS[callflow],
      };
    }),
    rows: call.participants.map(({ channelid, number, begunAt, endedAt, gaps }) => ({
      channelid,
      number,
      present: stretch(Date.parse(begunAt), endedAt === null ? end : Date.parse(endedAt)),
      gaps: gaps.map(({ at, milliseconds, why }) => ({
        ...stretch(Date.parse(at), Date.parse(at) + milliseconds),
        why,
        milliseconds,
      })),
    })),
  };
}

function ticksOf(lengthMs: number): Timeline['ticks'] {
  const seconds = lengthMs / 1000;
  const step =
    TICKS_S.find((length) => seconds / length <= MOST_TICKS) ?? Math.ceil(seconds / MOST_TICKS / 86_400) * 86_400;
  const ticks = [];
  for (let at = 0; at <= seconds; at += step) ticks.push({ at: at / seconds, label: labelOf(at) });
  return ticks;
}

function labelOf(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds < 60) return `${seconds} s`;
  const hours = Math.floor(seconds / 3600);
  const rest = `${String(Math.floor(seconds / 60) % 60).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** The same in words, for those who can't see the picture. */
export function rowInWords({ number, gaps }: TimelineRow, lengthWords: string): string {
  const sum = (wanted: 'lost' | 'paused') =>
    gaps.filter(({ why }) => why === wanted).reduce((total, { milliseconds }) => total + milliseconds, 0);
  const parts = [
    sum('lost') > 0 ? `${Math.round(sum('lost'))} ms lost` : '',
    sum('paused') > 0 ? `${(sum('paused') / 1000).toFixed(1)} s paused` : '',
  ].filter((part) => part !== '');
  return `${number}: present ${lengthWords}${parts.length > 0 ? `, ${parts.join(', ')}` : ', nothing lost'}`;
}
