/** What the stand-in of the portal shows: an office's calls, settings and accounts, made up. */
import type { AuditEntry, MadeToken, Token, User } from '../src/io/web/contract/access.js';
import type { CallRecord, RunningCall } from '../src/io/web/contract/calls.js';
import type { Health, LogLine } from '../src/io/web/contract/health.js';
import type { LiveFigures, LiveMessage } from '../src/io/web/contract/live.js';
import type {
  ConnectionTestResult,
  SavedChange,
  SavedSettings,
  SettingsChange,
  SettingsVersion,
  SubscriptionObjects,
} from '../src/io/web/contract/settings.js';
import { madeUpRecent, madeUpRunning } from './portal-stand-in-calls.js';

const NOW = Date.now();
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

export class StandInContent {
  settings: SavedSettings = {
    revision: 7,
    savedAt: ago(5400),
    savedBy: 'maria',
    streaming: {
      enable: true,
      serverAddress: 'wss://speech.example.com/audio',
      secretName: 'X-Api-Key',
      secretIsSet: true,
      sampleRate: 16_000,
      bufferSeconds: 30,
      earlyMedia: false,
      subscriptions: {
        enableExtensions: true,
        extensions: ['1001', '1002', '1007', '_20XX'],
        enableExtensionGroups: true,
        extensionGroups: ['sales'],
        enableTrunks: false,
        trunks: ['provider-a'],
        enableDids: true,
        dids: [],
      },
    },
    isUnverified: false,
    locked: {},
  };
  calls: RunningCall[] = madeUpRunning(8);
  recent: CallRecord[] = madeUpRecent(24);
  connectionTest: ConnectionTestResult = {
    isGood: true,
    code: null,
    message: 'The server answers and takes the secret.',
    advice: null,
    milliseconds: 38,
  };
  objects: SubscriptionObjects = {
    extensions: Array.from({ length: 48 }, (_, index) => ({
      name: String(1001 + index),
      technology: 'PJSIP',
      state: index % 5 === 3 ? 'offline' : 'online',
    })),
    trunks: [
      { name: 'provider-a', technology: 'PJSIP', state: 'online' },
      { name: 'provider-b', technology: 'PJSIP', state: 'online' },
    ],
    extensionGroups: [
      { name: 'sales', members: ['1001', '1002', '1003'] },
      { name: 'support', members: ['1010', '1011', '1012', '1013'] },
    ],
    dids: ['4930123450', '4930123451', '49301234599'],
  };
  versions: SettingsVersion[] = [
    { revision: 7, savedAt: ago(5400), savedBy: 'maria', changed: ['streaming.sampleRate'], isCurrent: true },
    {
      revision: 6,
      savedAt: ago(90_000),
      savedBy: 'admin',
      changed: ['streaming.serverAddress', 'streaming.secret.value'],
      isCurrent: false,
    },
    {
      revision: 5,
      savedAt: ago(200_000),
      savedBy: 'admin',
      changed: ['streaming.subscriptions.extensions'],
      isCurrent: false,
    },
  ];
  health: Health = {
    asterisk: { state: 'up', message: 'Connected to Asterisk 22.10.1.', advice: null, code: null, since: ago(183_000) },
    receiver: {
      state: 'trouble',
      message: 'The server speech.example.com refuses the secret (HTTP 401).',
      advice: 'Compare the option name and the secret under Audio Streaming with what the server expects.',
      code: 'RECEIVER_SECRET_REFUSED',
      since: ago(312),
    },
    versions: { program: '0.1.0', node: '20.20.2', asterisk: '22.10.1' },
    uptimeSeconds: 183_122,
    counters: [
      { name: 'Calls streamed', value: 1284, unit: '' },
      { name: 'Participants streamed', value: 2731, unit: '' },
      { name: 'Fragments sent', value: 4_182_604, unit: '' },
      { name: 'Audio lost', value: 2.4, unit: 's' },
      { name: 'Reconnects to the server', value: 3, unit: '' },
      { name: 'Fragments dropped', value: 0, unit: '' },
    ],
  };
  log: LogLine[] = LOG.map(([seconds, level, message, fields], index) => ({
    serial: index + 1,
    at: ago(seconds),
    level,
    message,
    fields,
  }));
  users: User[] = [
    { name: 'admin', role: 'admin', mayListen: true, createdAt: ago(8e6), lastSeenAt: ago(4) },
    { name: 'maria', role: 'admin', mayListen: false, createdAt: ago(5e6), lastSeenAt: ago(5400) },
    { name: 'helpdesk', role: 'reader', mayListen: false, createdAt: ago(3e6), lastSeenAt: null },
  ];
  tokens: Token[] = [
    {
      id: 'a1',
      name: 'ticket system',
      role: 'reader',
      mayListen: false,
      mayReadSecrets: false,
      createdAt: ago(2e6),
      createdBy: 'admin',
      lastUsedAt: ago(61),
    },
    {
      id: 'b2',
      name: 'old portal',
      role: 'admin',
      mayListen: false,
      mayReadSecrets: true,
      createdAt: ago(4e6),
      createdBy: 'maria',
      lastUsedAt: null,
    },
  ];
  audit: AuditEntry[] = AUDIT.map(([seconds, by, from, action, detail]) => ({
    at: ago(seconds),
    by,
    from,
    action,
    detail,
  }));
  #tick = 0;

  save({ streaming }: SettingsChange, by: string): SavedChange {
    const { secretValue, ...rest } = streaming;
    const secretIsSet = secretValue === undefined ? this.settings.streaming.secretIsSet : secretValue !== null;
    this.settings = {
      ...this.settings,
      revision: this.settings.revision + 1,
      savedAt: new Date().toISOString(),
      savedBy: by,
      streaming: { ...rest, secretIsSet },
    };
    return {
      settings: this.settings,
      changed: [{ key: 'streaming.sampleRate', effect: 'new-calls' }],
      runningCalls: this.calls.length,
    };
  }

  makeToken(wanted: { name: string }): MadeToken {
    const made = { id: 'c3', createdAt: new Date().toISOString(), createdBy: 'admin', lastUsedAt: null };
    const rights = { role: 'reader' as const, mayListen: false, mayReadSecrets: false };
    return { ...rights, ...wanted, ...made, token: 'aas_4kQ2vX9mB7rT1cN8wZ5yL0pH3sD6fG' };
  }

  order(at: Readonly<Record<string, string>>, order: Readonly<Record<string, boolean>>): void {
    this.calls = this.calls.map((call) => {
      if (call.callid !== at.callid) return call;
      const participants = call.participants.map((participant) =>
        at.channelid === undefined || at.channelid === participant.channelid
          ? { ...participant, ...order }
          : participant,
      );
      return { ...call, participants, isStreamed: order.isStreamed ?? call.isStreamed };
    });
  }

  /** Levels that go up and down as people take turns. */
  figures(): LiveMessage {
    this.#tick += 1;
    const participants: Record<string, LiveFigures> = {};
    const reconnects: Record<string, number> = {};
    const streamed = this.calls.filter(({ isStreamed }) => isStreamed);
    for (const [index, call] of streamed.entries()) {
      reconnects[call.callid] = index === 2 ? 1 : 0;
      for (const [place, participant] of call.participants.entries()) {
        participants[participant.channelid] = figuresOf(this.#tick, index, place, participant.begunAt);
      }
    }
    return { kind: 'figures', participants, reconnects };
  }
}

function figuresOf(tick: number, index: number, place: number, begunAt: string): LiveFigures {
  const speaks = Math.floor(tick / 11 + index) % 2 === place % 2;
  const level = speaks ? -16 - 12 * Math.abs(Math.sin(tick * 1.3 + index)) : -57;
  const fragments = Math.round((Date.now() - Date.parse(begunAt)) / 40);
  return [level, level + 7, fragments, index === 2 ? 42 : 0, index === 4 ? 120 : 0, 0];
}

const LOG: readonly (readonly [number, LogLine['level'], string, LogLine['fields']])[] = [
  [183_120, 'info', 'connected to Asterisk', { version: '22.10.1' }],
  [4000, 'info', 'settings saved', { by: 'maria', revision: 7 }],
  [720, 'debug', 'tap armed', { channelid: 'PJSIP/1001-000000a1' }],
  [640, 'info', 'call begins', { callid: '1755940023.7', participants: 2 }],
  [612, 'info', 'participant streams', { channelid: 'PJSIP/1001-000000a1', number: '1001' }],
  [320, 'warn', 'audio is missing', { channelid: 'PJSIP/1004-000000a5', milliseconds: 120 }],
  [312, 'error', 'The receiver refuses the secret', { code: 'RECEIVER_SECRET_REFUSED', status: 401 }],
  [120, 'info', 'call ends', { callid: '1755940023.7', fragments: 15_104 }],
  [9, 'info', 'call begins', { callid: '1755940611.2', participants: 2 }],
];

const AUDIT: readonly (readonly [number, string, string, string, string])[] = [
  [4, 'admin', '192.0.2.14', 'signed in', ''],
  [61, 'token ticket system', '192.0.2.40', 'call paused', '1755940023.7'],
  [400, 'nobody', '203.0.113.9', 'sign-in failed', 'user name admin'],
  [900, 'admin', '192.0.2.14', 'listening begun', 'PJSIP/1001-000000a1 in 1755940023.7'],
  [5400, 'maria', '192.0.2.22', 'settings saved', 'streaming.sampleRate: 8000 → 16000'],
  [90_000, 'admin', '192.0.2.14', 'token made', 'ticket system'],
];
