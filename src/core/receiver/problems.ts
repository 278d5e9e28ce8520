/** What can be wrong with what a sender sends, or with keeping it: a word to count, a sentence for who builds the sender. */
import type { Undecodable } from '../relay/protocol.js';

export const PROBLEMS = {
  'not-json': 'The frame is not JSON',
  'not-an-object': 'The frame is JSON, but not an object',
  'wrong-keys': 'A message has exactly the keys callid, callflow, audio, number, status and channelid',
  'wrong-type': 'A value is not a string, or the callflow is none of the known ones',
  'unknown-status': 'The status is neither "process" nor "end"',
  'audio-in-end': 'The audio of an end message is empty',
  'binary-frame': 'The frame is binary; messages are text frames',
  'frame-too-big': 'The frame is larger than any message of the protocol; the connection is closed',
  'broken-frame': 'The frame is not as RFC 6455 wants it; the connection is closed',
  'not-base64': 'The audio is not base64 with padding (RFC 4648, section 4)',
  'wrong-length': 'The audio is not of the length that fragments have at this sample rate',
  'other-callid': 'The connection carries a second callid; each call has a connection of its own',
  'audio-after-end': 'Audio came after the end message of its channelid; it is appended to the same WAV',
  'second-end': 'A second end message came for the same channelid',
  'too-many-calls': 'More calls at once than this receiver keeps; the message is dropped',
  'too-many-participants': 'More participants in one call than this receiver keeps; the message is dropped',
  'write-failed': 'An attempt to write to a WAV file failed; the audio waits for the next attempt',
  'not-written': 'A fragment is missing in its WAV file, because the disk was full, slow or away',
} as const satisfies Record<string, string> & Record<Undecodable, string>;

export type Problem = keyof typeof PROBLEMS;

export type ProblemCounts = Partial<Record<Problem, number>>;

export function addProblems(counts: ProblemCounts, more: ProblemCounts): void {
  for (const problem of Object.keys(more) as Problem[]) counts[problem] = (counts[problem] ?? 0) + (more[problem] ?? 0);
}
