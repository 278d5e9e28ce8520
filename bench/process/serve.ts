/** The side of a benchmark's process: answers the questions of the one that started it, and ends when that one does. */

/** A question and its answer; both are copied between the processes, typed arrays included. */
export interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What a process can be asked, by name. */
export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

/** Answers from now on. */
export function serve(answers: Answers): void {
  // A Ctrl-C in the terminal reaches every process of the group; the one that started us ends us in order.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', (question: Question) => {
    void answerTo(question, answers).then((answer) => process.send?.(answer));
  });
}

async function answerTo({ id, name, argument }: Question, answers: Answers): Promise<Answer> {
  try {
    const answer = answers[name];
    if (answer === undefined) throw new Error(`cannot be asked "${name}"`);
    return { id, value: await answer(argument as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
