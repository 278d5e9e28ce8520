/** The settings page at the address where compose publishes it. */
import { expect } from '@jest/globals';
import type { ComposeProject } from '../../lab/docker/compose-project.js';

export interface PageAnswer {
  readonly status: number;
  /** What the browser is to send from now on. */
  readonly cookie: string;
  readonly json: unknown;
}

const ASK = `
const [url, method, body, cookie] = process.argv.slice(1);
const headers = { ...(body && { 'content-type': 'application/json' }), ...(cookie && { cookie }) };
const answer = await fetch(url, { method, headers, ...(body && { body }) });
const isJson = answer.headers.get('content-type').startsWith('application/json');
const [set = ''] = answer.headers.getSetCookie();
const json = isJson ? await answer.json() : null;
console.log(JSON.stringify({ status: answer.status, cookie: set.split(';')[0], json }));
`;

/** From the Docker host, which is this machine, or the one that an engine of our own believes to be on. */
export async function askPage(
  project: ComposeProject,
  method: string,
  path: string,
  { body, cookie = '' }: { body?: object; cookie?: string } = {},
): Promise<PageAnswer> {
  const published = (await project.compose('port', 'bridge', '8090')).trim();
  expect(published).toMatch(/^127\.0\.0\.1:\d+$/);
  const url = `http://${published.replace('127.0.0.1', 'localhost')}${path}`;
  const onHost = ['--rm', '--network', 'host', '--entrypoint', 'node', `${project.name}/bridge`];
  const sent = body === undefined ? '' : JSON.stringify(body);
  const script = ['--input-type=module', '-e', ASK, url, method, sent, cookie];
  return JSON.parse(await project.docker('run', ...onHost, ...script)) as PageAnswer;
}
