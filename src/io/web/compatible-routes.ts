/** The compatible API: the same settings under the addresses and in the words of Yeastar's P-Series. */
import type { Log } from '../../core/log.js';
import { atParameter, compatibleConfig, formWith, MASK, subscribeList } from './compatible-settings.js';
import { CompatibleAnswer, CompatibleQuery, CompatibleUpdate, ERRORS } from './contract/compatible.js';
import { COMPATIBLE_API } from './contract/endpoints.js';
import { failureOf } from './failures.js';
import { type Api, ApiFailure, type Asking, type RouteModule } from './route.js';
import { asSeenBy, type ChangeDone, type SettingsPort } from './settings-routes.js';

export interface CompatiblePort extends Pick<SettingsPort, 'present' | 'save'> {
  /** The secret itself, if one is set. */
  secret(): string | undefined;
}

/** Somebody else may save between our look at the settings and our change of them. */
const SAVE_TRIES = 3;

const ERROR_OF_FAILURE: Readonly<Record<string, keyof typeof ERRORS>> = {
  NOT_SIGNED_IN: 'TOKEN EXPIRED',
  FORBIDDEN: 'ACCESS DENIED',
  CSRF: 'ACCESS DENIED',
  FOREIGN_PAGE: 'ACCESS DENIED',
  TOO_MANY_REQUESTS: 'ACCOUNT IP BLOCKED',
  TOO_MANY_TRIES: 'ACCOUNT IP BLOCKED',
  NOT_JSON: 'PARAMETER SYNTAX ERROR',
  TOO_LARGE: 'PARAMETER SYNTAX ERROR',
  BAD_REQUEST: 'PARAMETER SYNTAX ERROR',
  INVALID: 'PARAMETER ERROR',
};

const QUESTION = { querystring: CompatibleQuery, response: { 200: CompatibleAnswer } };

export function compatibleRoutes(port: CompatiblePort, log: Log): RouteModule {
  return async (api) => {
    await api.register(async (scope) => {
      // Whatever goes wrong is told in this API's own shape, as it is there: with status 200.
      scope.setErrorHandler((error, { method }, reply) => {
        const failure = failureOf(error);
        if (failure.status >= 500 && !(error instanceof ApiFailure)) {
          log.error('the compatible API could not answer', { code: 'UNEXPECTED', method, error });
        }
        return reply.code(200).send(answerOf(failure));
      });
      addRoutes(scope as unknown as Api, port);
    });
  };
}

function addRoutes(api: Api, port: CompatiblePort): void {
  api.get(
    COMPATIBLE_API.get,
    {
      config: { needs: 'look', takesTokenInQuery: true },
      schema: { summary: 'Get WebSocket Audio Streaming Setting (compatible)', ...QUESTION },
    },
    ({ asking }) => settingsFor(asking, port),
  );
  api.post(
    COMPATIBLE_API.update,
    {
      config: { needs: 'change', takesTokenInQuery: true },
      schema: { summary: 'Edit WebSocket Audio Streaming Setting (compatible)', body: CompatibleUpdate, ...QUESTION },
    },
    async (request) => {
      const { change, words } = await saved(port, request.body, request.asking.name);
      if (words !== '') request.audit('settings saved', `revision ${change.settings.revision}: ${words}`);
      return { errcode: ERRORS.SUCCESS, errmsg: 'SUCCESS' };
    },
  );
  api.all(COMPATIBLE_API.others, { config: { needs: 'nothing' }, schema: { hide: true } }, () => ({
    errcode: ERRORS['INTERFACE NOT EXISTED'],
    errmsg: 'INTERFACE NOT EXISTED',
    submsg: `Here are GET ${COMPATIBLE_API.get} and POST ${COMPATIBLE_API.update}.`,
  }));
}

function settingsFor(asking: Asking, port: CompatiblePort): CompatibleAnswer {
  const settings = asSeenBy(asking, port.present());
  const secret = asking.mayReadSecrets ? (port.secret() ?? '') : MASK;
  return {
    errcode: ERRORS.SUCCESS,
    errmsg: 'SUCCESS',
    config: compatibleConfig(settings, secret),
    subscribe_list: subscribeList(settings),
  };
}

async function saved(port: CompatiblePort, update: CompatibleUpdate, by: string, tries = 1): Promise<ChangeDone> {
  const present = port.present();
  const change = { revision: present.revision, streaming: formWith(update, present), applyToRunning: false };
  try {
    return await port.save(change, by);
  } catch (error) {
    const isConflict = error instanceof ApiFailure && error.code === 'CONFLICT';
    if (isConflict && tries < SAVE_TRIES) return saved(port, update, by, tries + 1);
    throw error;
  }
}

function answerOf({ status, code, message, problems }: ApiFailure): CompatibleAnswer {
  const errmsg = ERROR_OF_FAILURE[code] ?? (status >= 500 ? 'INTERNAL SERVER ERROR' : 'FAILURE');
  const faults = problems
    ?.map(atParameter)
    .map(({ field, message: why }) => ({ field, validation_type: 'invalid', message: why }));
  return {
    errcode: ERRORS[errmsg],
    errmsg,
    submsg: message,
    ...(faults !== undefined && { invalid_param_list: faults }),
  };
}
