/** What can be said of the form before it is sent; the program has the last word. */
import type { FieldName, FormValues } from './form-state.js';
import { entryProblem } from './name-entry.js';

export type FieldProblems = Readonly<Partial<Record<FieldName, string>>>;

const BUFFER_SECONDS = { least: 1, most: 300 };
const MAX_SECRET_NAME = 255;

export function problemsIn(values: FormValues, secretIsSaved: boolean): FieldProblems {
  const problems: Partial<Record<FieldName, string>> = {};
  const address = addressProblem(values);
  if (address !== undefined) problems.serverAddress = address;
  const name = secretNameProblem(values.secretName);
  if (name !== undefined) problems.secretName = name;
  if (values.secretValue === '') {
    problems.secretValue = secretIsSaved
      ? 'Enter the new secret, or choose Keep the saved one.'
      : 'Enter the secret, or choose No secret.';
  }
  const buffer = bufferProblem(values.bufferSeconds);
  if (buffer !== undefined) problems.bufferSeconds = buffer;
  for (const list of ['extensions', 'extensionGroups', 'trunks', 'dids'] as const) {
    const wrong = values[list].find((entry) => entryProblem(entry) !== undefined);
    if (wrong !== undefined) problems[list] = `${wrong}: ${entryProblem(wrong)}`;
  }
  return problems;
}

function addressProblem({ enable, serverAddress }: FormValues): string | undefined {
  const rest = serverAddress.replace(/^wss?:\/\//, '');
  if (rest === '') {
    return enable
      ? 'Enter the address of the server that is to receive the audio, or switch streaming off.'
      : undefined;
  }
  if (/\s/.test(rest)) return 'An address has no spaces in it.';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(rest)) return 'Choose ws:// or wss:// on the left; other kinds are not possible.';
  if (!URL.canParse(`ws://${rest}`))
    return 'This is not an address. It looks like example.com/audio or 192.0.2.10:8091.';
  return undefined;
}

function secretNameProblem(name: string): string | undefined {
  if (name === '') return 'Enter the option name that the server expects, such as Secret or X-Api-Key.';
  if (name.length > MAX_SECRET_NAME) return `At most ${MAX_SECRET_NAME} characters.`;
  // RFC 9110, section 5.6.2: what the name of a header field may be made of.
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ? undefined : 'Only letters, digits and - _ . without spaces.';
}

function bufferProblem(text: string): string | undefined {
  const { least, most } = BUFFER_SECONDS;
  const value = Number(text);
  const isGood = /^\d+$/.test(text) && value >= least && value <= most;
  return isGood ? undefined : `Enter a whole number from ${least} to ${most} seconds.`;
}
