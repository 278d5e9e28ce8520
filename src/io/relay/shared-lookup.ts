/**
 * Looks up a host name for all that want it at once. A resolver that does not answer holds one of this process's few
 * threads for look-ups as long as the system's patience lasts; with one for each call and attempt, the look-up of
 * Asterisk's name would wait behind hundreds of those.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Answer = Parameters<LookupFunction>[2];
type Resolve = (hostname: string, options: LookupOptions, answer: Answer) => void;

/** `resolve` is the system's way of looking up, dns.lookup(). */
export function sharedLookup(resolve: Resolve = lookup): LookupFunction {
  const underWay = new Map<string, Answer[]>();
  return (hostname, options, answer) => {
    const question = JSON.stringify([hostname, options]);
    const waiting = underWay.get(question);
    if (waiting !== undefined) {
      waiting.push(answer);
      return;
    }
    const answers = [answer];
    underWay.set(question, answers);
    resolve(hostname, options, (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family) => {
      underWay.delete(question);
      for (const one of answers) one(error, address, family);
    });
  };
}
