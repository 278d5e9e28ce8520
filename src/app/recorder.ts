/** Keeps what is received: each frame into the model of its call, its WAV file and onto the screen. */
import { join } from 'node:path';
import { levelOf } from '../core/audio/level.js';
import type { Log, LogFields } from '../core/log.js';
import { type CallReport, callsReport } from '../core/receiver/calls-report.js';
import { printable } from '../core/receiver/printable.js';
import { addProblems, PROBLEMS, type Problem, type ProblemCounts } from '../core/receiver/problems.js';
import { type Participant, ReceivedCalls, type Taken } from '../core/receiver/received-calls.js';
import { FRAGMENT_SAMPLES, type Label, type SampleRate } from '../core/relay/protocol.js';
import type { RelayServerEvents } from '../io/relay/relay-server.js';
import { WavFile } from '../io/wav-file.js';
import type { ReceiveScreen } from './receive-screen.js';
import { type ReceivedFragment, readFrame } from './received-frame.js';

export interface RecorderOptions {
  readonly folder: string;
  /** What stands in the folder already. */
  readonly takenNames: readonly string[];
  readonly sampleRate: SampleRate;
}

const BYTES_PER_SAMPLE = 2;

export class Recorder implements RelayServerEvents {
  /** Whether the report differs from the one last taken. */
  changed = true;
  #refusals = 0;
  #writeFailures = 0;
  readonly #options: RecorderOptions;
  readonly #screen: ReceiveScreen;
  readonly #log: Log;
  readonly #calls: ReceivedCalls;
  /** Weak, so that a call that the model forgets is forgotten here too. */
  readonly #wavs = new WeakMap<Participant, WavFile>();
  /** Whose WAV may have audio that waits. */
  readonly #unfinished = new Set<Participant>();
  /** The words that each open connection was warned of. */
  readonly #warned = new Map<number, Set<Problem>>();

  constructor(options: RecorderOptions, screen: ReceiveScreen, log: Log) {
    this.#options = options;
    this.#screen = screen;
    this.#log = log;
    this.#calls = new ReceivedCalls(options.takenNames);
  }

  opened(connection: number, from: string): void {
    this.#warned.set(connection, new Set());
    this.#log.info('Connection opened', { connection, from });
  }

  text(connection: number, text: string): void {
    this.changed = true;
    const frame = readFrame(text, this.#options.sampleRate);
    if (frame.kind === 'fragment') this.#fragment(connection, frame);
    else if (frame.kind === 'end') this.#end(connection, frame.label);
    else this.#countAndWarn(connection, frame.problem, frame.detail);
  }

  fault(connection: number, fault: 'binary-frame' | 'frame-too-big' | 'broken-frame'): void {
    this.changed = true;
    this.#countAndWarn(connection, fault, '');
  }

  closed(connection: number, code: number): void {
    this.changed = true;
    this.#warned.delete(connection);
    this.#log.info('Connection closed', { connection, code });
    for (const participant of this.#calls.disconnected(connection, Date.now())) {
      this.#ends(participant);
    }
  }

  refused(from: string, why: 'no-secret' | 'wrong-secret'): void {
    this.#refusals += 1;
    // A sender that tries again and again is named the 1st, 10th, 100th … time.
    if (!/^10*$/.test(String(this.#refusals))) return;
    const reason = why === 'no-secret' ? 'it carries no secret' : 'its secret is wrong';
    this.#log.warn(`Connection refused with 401: ${reason}`, { from, refusals: this.#refusals });
  }

  report(): CallReport[] {
    this.changed = false;
    return callsReport(this.#calls.calls(), this.#options.sampleRate);
  }

  /** Writes the WAV files to their end and says in one line what was received. */
  async close(): Promise<string> {
    for (const participant of this.#unfinished) {
      const wav = this.#wavOf(participant);
      await wav.close();
      const lost = Math.ceil(wav.waitingBytes / (BYTES_PER_SAMPLE * FRAGMENT_SAMPLES[this.#options.sampleRate]));
      if (lost > 0) this.#calls.countOf(participant, 'not-written', lost);
    }
    return this.#summary();
  }

  #fragment(connection: number, { label, bytes, samples }: ReceivedFragment): void {
    const level = levelOf(samples);
    const taken = this.#calls.takeFragment(connection, label, level, Date.now());
    this.#warnOf(connection, taken, label);
    const { participant, change } = taken;
    if (participant === undefined) return;
    if (change === 'begins') this.#screen.begins(participant);
    this.#screen.hears(participant, level);
    this.#unfinished.add(participant);
    if (!this.#wavOf(participant).append(bytes)) this.#calls.countOf(participant, 'not-written');
  }

  #end(connection: number, label: Label): void {
    const taken = this.#calls.takeEnd(connection, label, Date.now());
    this.#warnOf(connection, taken, label);
    if (taken.change === 'ends' && taken.participant) this.#ends(taken.participant);
  }

  #ends(participant: Participant): void {
    this.#screen.ends(participant);
    this.#unfinished.add(participant);
    const wav = this.#wavOf(participant);
    void wav.write().then(() => {
      if (participant.ended !== undefined && wav.waitingBytes === 0) this.#unfinished.delete(participant);
    });
  }

  #wavOf(participant: Participant): WavFile {
    const known = this.#wavs.get(participant);
    if (known !== undefined) return known;
    const { folder, sampleRate } = this.#options;
    const wav = new WavFile(join(folder, participant.wav), sampleRate, (error) =>
      this.#writeFailed(participant, error),
    );
    this.#wavs.set(participant, wav);
    return wav;
  }

  #writeFailed(participant: Participant, error: unknown): void {
    this.changed = true;
    this.#calls.countOf(participant, 'write-failed');
    this.#writeFailures += 1;
    if (this.#writeFailures > 1) return;
    this.#log.error('A WAV file can not be written; it is tried again each second, said only once', {
      wav: participant.wav,
      error: String(error),
    });
  }

  #countAndWarn(connection: number, problem: Problem, detail: string): void {
    this.#calls.count(connection, problem);
    this.#warnOnce(connection, problem, detail, {});
  }

  #warnOf(connection: number, { problems }: Taken, label: Label): void {
    const who = { callid: printable(label.callid), channel: printable(label.channelid) };
    for (const problem of problems) this.#warnOnce(connection, problem, '', who);
  }

  /** Each connection is warned once of each word; the counts tell the rest. */
  #warnOnce(connection: number, problem: Problem, detail: string, who: LogFields): void {
    const warned = this.#warned.get(connection);
    if (warned === undefined || warned.has(problem)) return;
    warned.add(problem);
    this.#log.warn(`Not of the protocol (${problem}): ${PROBLEMS[problem]}${detail && `: ${detail}`}`, {
      connection,
      ...who,
    });
  }

  #summary(): string {
    const reports = this.report();
    const participants = reports.flatMap((call) => call.participants);
    const problems: ProblemCounts = {};
    for (const counts of [this.#calls.problemsOfNoCall, ...reports.map((call) => call.problems)]) {
      addProblems(problems, counts);
    }
    const words = Object.entries(problems).map(([problem, count]) => `${count} ${problem}`);
    const complete = participants.filter((participant) => participant.complete);
    const parts = [
      `received: ${counted(reports.length, 'call')}, ${counted(participants.length, 'participant')}, ${complete.length} complete`,
      `problems: ${words.join(', ') || 'none'}`,
    ];
    if (this.#refusals > 0) parts.push(`${counted(this.#refusals, 'connection')} refused`);
    if (this.#calls.forgotten > 0) parts.push(`${counted(this.#calls.forgotten, 'older call')} left out`);
    return parts.join('; ');
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
