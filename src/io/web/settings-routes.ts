/** The API's settings: read, changed, put back to an earlier version, and the connection to the receiver tried. */
import { z } from 'zod';
import { FIELD_NAME, FIELD_VALUE, SERVER_ADDRESS, type TextFormat } from '../../core/settings/formats.js';
import { shownAddress } from '../../core/settings/redact.js';
import { API } from './contract/endpoints.js';
import { Failure, type FieldProblem } from './contract/failure.js';
import {
  ConnectionTest,
  ConnectionTestResult,
  RestoreOrder,
  SavedChange,
  SavedSettings,
  SettingsChange,
  SettingsVersion,
} from './contract/settings.js';
import { type Api, ApiFailure, type Asking, type RouteModule } from './route.js';

/** What the routes need of the program. What cannot be done is thrown as an ApiFailure. */
export interface SettingsPort {
  present(): SavedSettings;
  /** The newest first. */
  versions(): SettingsVersion[];
  save(change: SettingsChange, by: string): Promise<ChangeDone>;
  restore(revision: number, applyToRunning: boolean, by: string): Promise<ChangeDone>;
}

export interface ChangeDone {
  readonly change: SavedChange;
  /** Old and new values by key, without secrets. */
  readonly words: string;
}

export interface ConnectionTestPort {
  /** The secret that is saved stands in for one that is absent; null is none. */
  test(address: string, secretName: string, secretValue: string | null | undefined): Promise<ConnectionTestResult>;
}

/** Each holds a socket open for seconds. */
const MAX_TESTS_AT_ONCE = 4;

const RestoreParams = z.strictObject({ revision: z.coerce.number().int().min(1) });
const LOOK = { needs: 'look' } as const;
const CHANGE = { needs: 'change' } as const;

export function settingsRoutes(settings: SettingsPort, connection: ConnectionTestPort): RouteModule {
  return (api) => {
    addSettings(api, settings);
    addVersions(api, settings);
    addTest(api, connection);
  };
}

/** Who may not change settings need not see a key that stands in the address. */
export function asSeenBy({ identity }: Asking, settings: SavedSettings): SavedSettings {
  if (identity.role === 'admin') return settings;
  const { streaming } = settings;
  return { ...settings, streaming: { ...streaming, serverAddress: shownAddress(streaming.serverAddress) } };
}

function addSettings(api: Api, settings: SettingsPort): void {
  api.get(
    API.settings,
    {
      config: LOOK,
      schema: { summary: 'The settings of WebSocket Audio Streaming', response: { 200: SavedSettings } },
    },
    ({ asking }) => asSeenBy(asking, settings.present()),
  );
  api.put(
    API.settings,
    {
      config: CHANGE,
      schema: {
        summary: 'Save settings; they hold at once, and after a restart',
        description:
          'All fields are sent, with the revision that they were read with. Nothing is saved when one is wrong.',
        body: SettingsChange,
        response: { 200: SavedChange, 400: Failure, 409: Failure, 422: Failure },
      },
    },
    async (request) => {
      const { change, words } = await settings.save(request.body, request.asking.name).catch((error: unknown) => {
        // They are saved, after all, and hold as soon as the mistake in the settings file is gone.
        if (error instanceof ApiFailure && error.code === 'NOT_APPLIED') request.audit('settings saved', error.message);
        throw error;
      });
      const applied = request.body.applyToRunning ? '; applied to running calls' : '';
      if (words !== '' || applied !== '') {
        request.audit('settings saved', `revision ${change.settings.revision}: ${words || 'no change'}${applied}`);
      }
      return change;
    },
  );
}

function addVersions(api: Api, settings: SettingsPort): void {
  api.get(
    API.settingsVersions,
    {
      config: LOOK,
      schema: {
        summary: 'What was saved, the newest first; the last ten',
        response: { 200: z.array(SettingsVersion) },
      },
    },
    () => settings.versions(),
  );
  api.post(
    API.settingsRestore,
    {
      config: CHANGE,
      schema: {
        summary: 'Put the settings of an earlier version in force again, as a new version',
        params: RestoreParams,
        body: RestoreOrder,
        response: { 200: SavedChange, 400: Failure, 404: Failure, 422: Failure },
      },
    },
    async (request) => {
      const { revision } = request.params;
      const applyToRunning = request.body?.applyToRunning ?? false;
      const { change, words } = await settings.restore(revision, applyToRunning, request.asking.name);
      const detail = `revision ${revision} as revision ${change.settings.revision}: ${words || 'no change'}`;
      request.audit('settings restored', detail);
      return change;
    },
  );
}

function addTest(api: Api, connection: ConnectionTestPort): void {
  let running = 0;
  api.post(
    API.settingsTest,
    {
      config: CHANGE,
      schema: {
        summary: 'Dial the receiver with the secret, and say what happened; nothing is streamed',
        body: ConnectionTest,
        response: { 200: ConnectionTestResult, 400: Failure, 429: Failure },
      },
    },
    async (request) => {
      const { serverAddress, secretName, secretValue } = request.body;
      refuseFaults([
        ['serverAddress', SERVER_ADDRESS, serverAddress],
        ['secretName', FIELD_NAME, secretName],
        ['secretValue', FIELD_VALUE, secretValue ?? undefined],
      ]);
      if (running >= MAX_TESTS_AT_ONCE) {
        throw new ApiFailure(429, 'TOO_MANY_TRIES', 'Other connection tests are under way. Try again in some seconds.');
      }
      running += 1;
      try {
        const result = await connection.test(serverAddress, secretName, secretValue);
        request.audit('connection tested', `${shownAddress(serverAddress)}: ${result.code ?? 'good'}`);
        return result;
      } finally {
        running -= 1;
      }
    },
  );
}

function refuseFaults(
  fields: readonly (readonly [field: string, format: TextFormat, text: string | undefined])[],
): void {
  const problems = fields.flatMap(([field, format, text]): FieldProblem[] => {
    if (text === undefined) return [];
    if (text === '') return [{ field, message: 'is empty' }];
    const fault = format.faultIn(text);
    return fault === undefined ? [] : [{ field, message: `${fault}; allowed: ${format.allowed}` }];
  });
  if (problems.length > 0) throw new ApiFailure(400, 'INVALID', 'Some of the fields are not valid.', problems);
}
