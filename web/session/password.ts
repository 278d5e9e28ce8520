/** What a password has to be like; the program checks it again. */

const LEAST_CHARACTERS = 12;

export function passwordProblem(password: string): string | undefined {
  if (password.length >= LEAST_CHARACTERS) return undefined;
  return `It needs at least ${LEAST_CHARACTERS} characters; this has ${password.length}.`;
}
