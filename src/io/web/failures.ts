/** Every answer that is no success, in the one shape of contract/failure.ts. What went wrong here inside is only logged. */
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Log } from '../../core/log.js';
import { machineShortage } from '../machine-shortage.js';
import type { Failure, FieldProblem } from './contract/failure.js';
import { ApiFailure } from './route.js';

/** What Fastify itself refuses, by its code. */
const REFUSALS: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'TOO_LARGE', 'The request is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'NOT_JSON',
    'The body must be JSON, with the header Content-Type: application/json.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'NOT_JSON', 'The body is empty, and must be JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'NOT_JSON', 'The body is not JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'BAD_REQUEST', 'The body is not as long as its header says.'],
  FST_ERR_BAD_URL: [400, 'BAD_REQUEST', 'The address is not valid.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'BAD_REQUEST', 'The address is too long.'],
};

/** For Fastify's setErrorHandler. */
export function failureHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const failure = failureOf(error);
    if (failure.code === 'UNEXPECTED') {
      const path = request.url.split('?')[0];
      log.error('the portal could not answer', { code: 'UNEXPECTED', method: request.method, path, error });
    }
    const { retryAfterSeconds } = failure;
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    return reply.code(failure.status).send(bodyOf(failure));
  };
}

/** The failure that an error means; a stranger says nothing of itself. */
export function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.flatMap(problemsOf);
    return new ApiFailure(400, 'INVALID', 'Some of the fields are not valid.', problems);
  }
  const shortage = machineShortage(error, 'the page');
  if (shortage !== undefined) return new ApiFailure(503, shortage.code, `${shortage.message}.`);
  const { code, statusCode } = error as Partial<FastifyError>;
  const [status, word, message] = REFUSALS[code ?? ''] ?? [];
  if (status !== undefined && word !== undefined && message !== undefined) return new ApiFailure(status, word, message);
  // What a JSON reader refuses, such as __proto__ as a key, has a status but no code.
  if (error instanceof SyntaxError && statusCode === 400)
    return new ApiFailure(400, 'NOT_JSON', 'The body is not JSON.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ApiFailure(statusCode, 'BAD_REQUEST', 'The request is not valid.');
  }
  return new ApiFailure(500, 'UNEXPECTED', 'Something went wrong here. The log of the program says more.');
}

export function bodyOf({ code, message, problems }: ApiFailure): Failure {
  return { error: { code, message, ...(problems && { problems: [...problems] }) } };
}

/** Of what is no HTTP at all, or has headers without end; the socket is all there is. */
export function refuseBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = isTooLarge
    ? '431 Request Header Fields Too Large'
    : isLate
      ? '408 Request Timeout'
      : '400 Bad Request';
  const body = JSON.stringify(bodyOf(new ApiFailure(400, 'BAD_REQUEST', 'The request is not valid HTTP.')));
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

type ValidationError = { instancePath: string; message?: string; params: Record<string, unknown> };

/** A field that is not known is named itself, and not only where it stands. */
function problemsOf({ instancePath, message = 'is not valid', params }: ValidationError): FieldProblem[] {
  const field = instancePath.slice(1).replaceAll('/', '.');
  const { keys } = params;
  if (!Array.isArray(keys)) return [{ field, message }];
  const group = field === '' ? '' : `${field}.`;
  return keys.map((key) => ({
    field: `${group}${String(key).slice(0, 80)}`,
    message: 'is not a field of this request',
  }));
}
