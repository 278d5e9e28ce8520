/** The API's tokens: how programs sign in. */
import { z } from 'zod';
import { MadeToken, NewToken, Token } from './contract/access.js';
import { API } from './contract/endpoints.js';
import { Failure } from './contract/failure.js';
import type { RouteModule } from './route.js';
import { rightsInWords } from './users-routes.js';

/** What the routes need of the program. Refusals are rejections with an `ApiFailure`. */
export interface TokensPort {
  tokens(): Token[];
  addToken(token: NewToken, by: string): Promise<MadeToken>;
  /** Returns the name of the one that is gone. */
  removeToken(id: string): Promise<string>;
}

const Params = z.strictObject({ id: z.string().min(1).max(64) });
const Done = z.null().meta({ description: 'Done.' });
const ADMINISTER = { needs: 'administer' } as const;

export function tokensRoutes(port: TokensPort): RouteModule {
  return (api) => {
    api.get(
      API.tokens,
      {
        config: ADMINISTER,
        schema: { summary: 'All tokens, without what is secret', response: { 200: z.array(Token) } },
      },
      () => port.tokens(),
    );
    api.post(
      API.tokens,
      {
        config: ADMINISTER,
        schema: {
          summary: 'Make a token; only this answer ever tells it',
          body: NewToken,
          response: { 201: MadeToken, 409: Failure },
        },
      },
      async (request, reply) => {
        const made = await port.addToken(request.body, request.asking.name);
        const secrets = made.mayReadSecrets ? ', may read secrets' : '';
        request.audit('made a token', `${made.name}, ${rightsInWords(made)}${secrets}`);
        return reply.code(201).send(made);
      },
    );
    api.delete(
      API.token,
      {
        config: ADMINISTER,
        schema: {
          summary: 'Revoke a token, which is refused from then on',
          params: Params,
          response: { 204: Done, 404: Failure },
        },
      },
      async (request, reply) => {
        const name = await port.removeToken(request.params.id);
        request.audit('revoked a token', name);
        return reply.code(204).send(null);
      },
    );
  };
}
