/** Shows who is being received: lines with level meters on a terminal, plain lines elsewhere. */
import { type Level, peakDbfs, rmsDbfs } from '../core/audio/level.js';
import type { Log } from '../core/log.js';
import { finalLine, type Line, liveLines, plainLine } from '../core/receiver/level-lines.js';
import { LevelMeter } from '../core/receiver/level-meter.js';
import { LiveRegion } from '../core/receiver/live-region.js';
import type { Participant } from '../core/receiver/received-calls.js';

export interface Terminal {
  write(text: string): void;
  columns(): number;
  /** 24 when absent. */
  rows?(): number;
  readonly isTerminal: boolean;
  /** As `isTerminal` when absent. */
  readonly inColour?: boolean;
}

interface Shown {
  readonly participant: Participant;
  readonly meter: LevelMeter;
  plainAt: number;
}

const DRAW_INTERVAL_MS = 200;
const PLAIN_INTERVAL_MS = 10_000;
const USUAL_ROWS = 24;

export class ReceiveScreen {
  readonly #terminal: Terminal;
  readonly #sampleRate: number;
  readonly #shown = new Map<Participant, Shown>();
  readonly #region = new LiveRegion();
  #finals: string[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(terminal: Terminal, sampleRate: number) {
    this.#terminal = terminal;
    this.#sampleRate = sampleRate;
    this.#timer = setInterval(() => this.#refresh(), DRAW_INTERVAL_MS);
  }

  begins(participant: Participant): void {
    this.#shown.set(participant, { participant, meter: new LevelMeter(), plainAt: performance.now() });
    if (!this.#terminal.isTerminal) this.#print('begin', participant);
  }

  hears(participant: Participant, level: Level): void {
    this.#shown.get(participant)?.meter.hear(rmsDbfs(level), peakDbfs(level), performance.now());
  }

  ends(participant: Participant): void {
    this.#shown.delete(participant);
    if (this.#terminal.isTerminal) this.#finals.push(finalLine(participant, this.#sampleRate, this.#inColour));
    else this.#print('end', participant);
  }

  /** Prints a line that stays. */
  say(line: string): void {
    this.#finals.push(line);
    this.#draw();
  }

  /** A log that makes room for its lines on the terminal, which it may share with the meters. */
  above(log: Log): Log {
    const making =
      (level: 'error' | 'warn' | 'info' | 'debug'): Log['info'] =>
      (message, fields) => {
        if (this.#terminal.isTerminal) this.#terminal.write(this.#region.clear(this.#terminal.columns()));
        log[level](message, fields);
      };
    return {
      error: making('error'),
      warn: making('warn'),
      info: making('info'),
      debug: (message, fields) => log.isDebugEnabled() && making('debug')(message, fields),
      isDebugEnabled: () => log.isDebugEnabled(),
    };
  }

  /** Draws a last time and leaves no meter behind. */
  close(): void {
    clearInterval(this.#timer);
    this.#shown.clear();
    this.#draw();
  }

  get #inColour(): boolean {
    return this.#terminal.inColour ?? this.#terminal.isTerminal;
  }

  #refresh(): void {
    if (this.#terminal.isTerminal) {
      this.#draw();
      return;
    }
    const now = performance.now();
    for (const shown of this.#shown.values()) {
      if (now - shown.plainAt < PLAIN_INTERVAL_MS) continue;
      shown.plainAt += PLAIN_INTERVAL_MS;
      this.#print('level', shown.participant);
    }
  }

  #print(word: 'begin' | 'level' | 'end', participant: Participant): void {
    this.#terminal.write(`${plainLine(word, participant, this.#sampleRate)}\n`);
  }

  #draw(): void {
    const finals = this.#finals;
    this.#finals = [];
    if (!this.#terminal.isTerminal) {
      for (const line of finals) this.#terminal.write(`${line}\n`);
      return;
    }
    const columns = this.#terminal.columns();
    this.#terminal.write(this.#region.draw(finals, this.#live(columns), columns));
  }

  /** As many lines as fit: what has scrolled off the top can't be drawn anew. */
  #live(columns: number): Line[] {
    const now = performance.now();
    const room = Math.max(1, (this.#terminal.rows?.() ?? USUAL_ROWS) - 2);
    const all = [...this.#shown.values()];
    const fitting = all.length > room ? all.slice(0, room - 1) : all;
    const views = fitting.map(({ participant, meter }) => ({ participant, reading: meter.read(now) }));
    const lines = liveLines(views, this.#sampleRate, columns, this.#inColour);
    if (fitting.length === all.length) return lines;
    const more = `… and ${all.length - fitting.length} more`;
    return [...lines, { text: more, width: more.length }];
  }
}
