/** The second ARI application as a process of its own: what it was sent, and what became of what it made. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import type { Leg } from '../../../lab/leg.js';
import { samplesOf, writeSound } from '../../../lab/sounds.js';
import { until } from '../../../lab/until.js';
import { expectUnharmed, harmIn } from '../heard-by-phones.js';
import { playedBy, RATE } from '../noise-call.js';

const APP = 'other-app';
const PROGRAM = 'test/e2e/faults/other-app-program.mjs';
const CALLER = '1104';
const CALLEE = '1105';
const LISTENER = '1106';
/** Who is heard in the announcement. */
const ANNOUNCER = '1107';

/** The numbers that lead to it, for the PBX's dialplan. */
export const OTHER_APP_NUMBERS = `
[services]
exten => 620,1,Stasis(${APP},pair,${CALLEE})
exten => 621,1,Stasis(${APP},announce)
`;

/**
 * Asterisk sets these anew, to what they were, on both channels of a bridge each time that anybody's snoop begins or ends on one
 * of them.
 */
const BRIDGE_VARIABLES = /^ChannelVarset BRIDGE(PEER|PVTCALLID)$/;

interface Line {
  readonly event?: string;
  readonly ids?: readonly string[];
  readonly args?: readonly string[];
  readonly error?: string;
  readonly ready?: boolean;
}

/** What Asterisk knows of it. */
interface Standing {
  readonly application: {
    readonly channel_ids: string[];
    readonly bridge_ids: string[];
    readonly endpoint_ids: string[];
  };
  readonly bridge: readonly string[];
  readonly snoop: string;
  readonly recording: string;
}

export class OtherApp {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  readonly #lab: Lab;
  #legs: readonly [caller: Leg, callee: Leg, listener: Leg] | undefined;
  #calls = 0;
  #from = 0;

  private constructor(lab: Lab) {
    this.#lab = lab;
    const { url, username, password } = lab.pbx.ari;
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const args = [PROGRAM, url, username, password, APP, join(lab.folder, `other-${ANNOUNCER}`)];
    this.#child = spawn(process.execPath, args, { stdio: [...stdio] });
    let rest = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      // The package says at each start that its Swagger is an old one.
      for (const line of lines) if (line.startsWith('{')) this.lines.push(JSON.parse(line) as Line);
    });
  }

  static async start(lab: Lab): Promise<OtherApp> {
    const app = new OtherApp(lab);
    await until('the other application is connected', () => app.lines.some(({ ready }) => ready));
    return app;
  }

  get errors(): readonly Line[] {
    return this.lines.filter(({ error }) => error !== undefined);
  }

  /** A call of two phones in its bridge, and one that hears an announcement. */
  async begin(): Promise<void> {
    const { phones, folder, pbxAri } = this.#lab;
    const noise = (number: string) => writeSound(folder, `other-${number}`, RATE, playedBy(number));
    await noise(ANNOUNCER);
    this.#from = this.lines.length;
    this.#calls += 1;
    phones.answers(CALLEE, { afterMs: 300, plays: await noise(CALLEE), records: true });
    const caller = await phones.call({ from: CALLER, to: '620', plays: await noise(CALLER), records: true });
    const callee = await phones.answeredBy(CALLEE);
    const listener = await phones.call({ from: LISTENER, to: '621', records: true });
    this.#legs = [caller, callee, listener];
    await until('it records its snoop', () =>
      pbxAri.request(`GET`, `recordings/live/${this.#own('snoop')}`).then(
        () => true,
        () => false,
      ),
    );
  }

  /** All that it has in Asterisk now. */
  async standing(): Promise<Standing> {
    const { pbxAri } = this.#lab;
    const application = await pbxAri.request<Standing['application']>('GET', `applications/${APP}`);
    const bridge = await pbxAri.request<{ channels: string[] }>('GET', `bridges/${this.#own('bridge')}`);
    const snoop = await pbxAri.request<{ state: string }>('GET', `channels/${this.#own('snoop')}`);
    const recording = await pbxAri.request<{ state: string }>('GET', `recordings/live/${this.#own('snoop')}`);
    const { channel_ids, bridge_ids, endpoint_ids } = application;
    return {
      application: {
        channel_ids: channel_ids.toSorted(),
        bridge_ids: bridge_ids.toSorted(),
        endpoint_ids: endpoint_ids.toSorted(),
      },
      bridge: bridge.channels.toSorted(),
      snoop: snoop.state,
      recording: recording.state,
    };
  }

  get isTalking(): boolean {
    return this.#legs?.every(({ isUp }) => isUp) ?? false;
  }

  /** Its phones hang up, and it clears away what it has made. */
  async end(): Promise<void> {
    const [caller, callee, listener] = this.#legs ?? [];
    if (!caller || !callee || !listener) throw new Error('no call has begun');
    await listener.hangUp();
    await caller.hangUp();
    await callee.ended;
    await until('it has removed its bridge', () =>
      this.#ofThisCall().some(
        ({ event, ids = [] }) => event === 'BridgeDestroyed' && ids.includes(this.#own('bridge')),
      ),
    );
    await until('its recording is done', () => this.#ofThisCall().some(({ event }) => event === 'RecordingFinished'));
  }

  /** Fails when a phone of its calls, or its own recording, has a gap or anything foreign. */
  async expectUnharmed(): Promise<void> {
    const [caller, callee, listener] = this.#legs ?? [];
    if (!caller || !callee || !listener) throw new Error('no call has begun');
    await expectUnharmed({ caller, callee });
    const file = join(this.#lab.pbx.recordingDir, `${this.#own('snoop')}.sln16`);
    const recorded = harmIn(samplesOf(await readFile(file)), playedBy(CALLER));
    const announced = harmIn(await listener.heard(), playedBy(ANNOUNCER));
    for (const harm of [recorded, announced]) {
      expect({ harm, isUnharmed: Math.max(...Object.values(harm)) <= 60 }).toEqual({ harm, isUnharmed: true });
    }
  }

  /**
   * Kinds of the events of this call in their order, by what they were about; Dial apart, whose events Asterisk does not keep
   * in order with others. Without BRIDGE_VARIABLES.
   */
  events(): Record<string, string[]> {
    const roles = this.#roles();
    const kinds: Record<string, string[]> = {};
    for (const { event = '', ids = [] } of this.#ofThisCall()) {
      if (BRIDGE_VARIABLES.test(event)) continue;
      const role = roles.get(ids[0] ?? '') ?? `unknown ${ids[0]}`;
      const subject = event.startsWith('Dial') ? `dialling ${role}` : role;
      kinds[subject] = [...(kinds[subject] ?? []), event];
    }
    return kinds;
  }

  /** How many events of this call were BRIDGE_VARIABLES. */
  bridgeVariables(): number {
    return this.#ofThisCall().filter(({ event = '' }) => BRIDGE_VARIABLES.test(event)).length;
  }

  /** Events in which something occurs that the add-on has made. */
  aboutTheAddOn(): readonly Line[] {
    return this.lines.filter(({ ids = [] }) => ids.some((id) => id.startsWith('aas~')));
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.kill('SIGTERM')) await exited;
  }

  #ofThisCall(): Line[] {
    return this.lines.slice(this.#from).filter(({ event }) => event !== undefined);
  }

  #own(piece: string): string {
    return `other-${piece}-${this.#calls}`;
  }

  #roles(): Map<string, string> {
    const pieces = ['bridge', 'callee', 'snoop'].map((piece): [string, string] => [this.#own(piece), piece]);
    const callers = this.#ofThisCall().flatMap(({ event, ids: [id] = [], args: [role] = [] }): [string, string][] =>
      event === 'StasisStart' && (role === 'pair' || role === 'announce') ? [[id ?? '', role]] : [],
    );
    return new Map([...pieces, ...callers]);
  }
}
