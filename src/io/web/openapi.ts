/** The API as OpenAPI, made from the same schemas that check every request; with what each route needs, and the WebSockets. */
import { STATUS_CODES } from 'node:http';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Permission } from './route.js';

const INTRODUCTION = `All that the settings page does, it does by these requests; a program can do the same.

Programs send a token, which an administrator makes on the page under Access: \`Authorization: Bearer aas_…\`. Browsers have the session cookie, and send with whatever changes something the header \`X-CSRF-Token\`, whose content \`GET /api/v1/session\` tells.

What can't be done is answered with a status of 4xx or 5xx and \`{"error": {"code": …, "message": …, "problems": […]}}\`. Every request can be answered with 401 (not signed in), 403 (not allowed), 429 (too many requests) and, when it is not of the form that stands here, 400 (INVALID, with a problem for each field).`;

const NEEDS: Readonly<Record<Permission, string>> = {
  nothing: 'Needs no sign-in.',
  look: 'For everybody who is signed in.',
  change: 'For administrators.',
  administer: 'For administrators.',
  listen: 'For those who may listen; each time is written to the audit trail.',
};

/** By the part of the address behind `/api/v1/`; in this order they are shown. */
const SUBJECTS: readonly (readonly [title: string, parts: readonly string[]])[] = [
  ['Settings', ['settings', 'subscription-objects']],
  ['Calls', ['calls', 'live']],
  ['Health', ['health', 'log']],
  ['Access', ['session', 'setup', 'users', 'tokens', 'audit']],
  ['This description', ['openapi.json']],
];
const OTHERS = 'Compatible API';

export function openapiOptions(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'The API of ari-audio-stream', version, description: INTRODUCTION },
      tags: [...SUBJECTS.map(([name]) => ({ name })), { name: OTHERS }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          tokenInAddress: { type: 'apiKey', in: 'query', name: 'access_token' },
        },
      },
      security: [{ token: [] }],
    },
    transform(route) {
      const { needs, isWebSocket = false, takesTokenInQuery = false } = route.route.config ?? {};
      // The plugin for WebSockets hides them.
      const seen = isWebSocket ? { ...route, schema: { ...route.schema, hide: false } } : route;
      const { schema, url } = jsonSchemaTransform(seen);
      const described = {
        ...schema,
        tags: [subjectOf(url)],
        description: [schema.description, needs && NEEDS[needs]].filter(Boolean).join(' '),
        ...(needs === 'nothing' && { security: [] }),
        ...(takesTokenInQuery && { security: [{ token: [] }, { tokenInAddress: [] }] }),
        ...(isWebSocket && { response: { 101: { description: 'A WebSocket.', type: 'null' } } }),
      };
      return { schema: described, url };
    },
  };
}

/** Takes out what says nothing to people: limits of JavaScript, patterns beside a format, and the plugin's "Default Response". */
export function tidied(document: unknown): unknown {
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, ''));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([name, inner]) => !isNoise(name, inner, value));
    const tidy = entries.map(([name, inner]) => [name, walk(inner, name)] as const);
    return Object.fromEntries(tidy.map(([name, inner]) => [name, wordsFor(name, inner, key)]));
  };
  return walk(document, '');
}

function subjectOf(url: string): string {
  const part = /\/api\/v1\/([\w.-]+)/.exec(url)?.[1] ?? '';
  return SUBJECTS.find(([, parts]) => parts.includes(part))?.[0] ?? OTHERS;
}

function isNoise(name: string, value: unknown, within: object): boolean {
  if (name === 'pattern') return 'format' in within;
  return value === Number.MIN_SAFE_INTEGER || value === Number.MAX_SAFE_INTEGER;
}

/** `key` is the status, where this is the description of an answer. */
function wordsFor(name: string, value: unknown, key: string): unknown {
  return name === 'description' && value === 'Default Response' ? (STATUS_CODES[key] ?? 'An answer') : value;
}
