/** The API's users: who may sign in, and what each may do. */
import { z } from 'zod';
import { NewUser, User, UserChange } from './contract/access.js';
import { API } from './contract/endpoints.js';
import { Failure } from './contract/failure.js';
import type { RouteModule } from './route.js';

/** What the routes need of the program. Refusals are rejections with an `ApiFailure`. */
export interface UsersPort {
  users(): User[];
  addUser(user: NewUser): Promise<User>;
  /** A new password ends this user's sessions, and can't be one's own (`by`). Other rights hold at once. */
  changeUser(name: string, change: UserChange, by: string): Promise<User>;
  removeUser(name: string): Promise<void>;
}

const Params = z.strictObject({ name: z.string().min(1).max(64) });
const Done = z.null().meta({ description: 'Done.' });
const ADMINISTER = { needs: 'administer' } as const;

export function usersRoutes(port: UsersPort): RouteModule {
  return (api) => {
    api.get(API.users, { config: ADMINISTER, schema: { summary: 'All users', response: { 200: z.array(User) } } }, () =>
      port.users(),
    );
    api.post(
      API.users,
      {
        config: ADMINISTER,
        schema: { summary: 'Add a user', body: NewUser, response: { 201: User, 409: Failure } },
      },
      async (request, reply) => {
        const user = await port.addUser(request.body);
        request.audit('added a user', `${user.name}, ${rightsInWords(user)}`);
        return reply.code(201).send(user);
      },
    );
    api.patch(
      API.user,
      {
        config: ADMINISTER,
        schema: {
          summary: "Change a user's role, right to listen, or password",
          params: Params,
          body: UserChange,
          response: { 200: User, 404: Failure, 409: Failure },
        },
      },
      async (request) => {
        const { name } = request.params;
        const user = await port.changeUser(name, request.body, request.asking.identity.name);
        const password = request.body.password === undefined ? '' : ', with a new password';
        request.audit('changed a user', `${user.name}, ${rightsInWords(user)}${password}`);
        return user;
      },
    );
    api.delete(
      API.user,
      {
        config: ADMINISTER,
        schema: {
          summary: 'Remove a user, whose sessions end at once',
          params: Params,
          response: { 204: Done, 404: Failure, 409: Failure },
        },
      },
      async (request, reply) => {
        await port.removeUser(request.params.name);
        request.audit('removed a user', request.params.name);
        return reply.code(204).send(null);
      },
    );
  };
}

/** Such as `reader, may listen`. */
export function rightsInWords({ role, mayListen }: Pick<User, 'role' | 'mayListen'>): string {
  return `${role}, ${mayListen ? 'may listen' : 'may not listen'}`;
}
