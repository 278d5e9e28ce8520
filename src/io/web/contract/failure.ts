/** How the API says that something can't be done: one shape for every answer that is no success. */
import { z } from 'zod';

export const FieldProblem = z.object({
  field: z.string().meta({ description: 'The path of the field in the request, such as streaming.serverAddress.' }),
  message: z.string(),
});

export const Failure = z.object({
  error: z.object({
    code: z.string().meta({ examples: ['NOT_SIGNED_IN', 'INVALID', 'CONFLICT', 'TOO_MANY_TRIES'] }),
    message: z.string().meta({ description: 'One sentence for people.' }),
    problems: z.array(FieldProblem).optional(),
  }),
});

export type FieldProblem = z.infer<typeof FieldProblem>;
export type Failure = z.infer<typeof Failure>;
