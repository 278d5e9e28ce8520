/** Asterisk's endpoints as an administrator picks from them: which are extensions and which are trunks, in the order of numbers. */
import type { PartyRules } from './participant.js';

export interface Endpoint {
  /** Such as `PJSIP`. */
  readonly technology: string;
  readonly name: string;
  /** Asterisk's word: `online`, `offline` or `unknown`. */
  readonly state: string;
}

export interface PickableEndpoints {
  readonly extensions: readonly Endpoint[];
  readonly trunks: readonly Endpoint[];
}

/** Those whose calls can be streamed. `contextOf` gives the context in which their calls begin, where that is known. */
export function pickableEndpoints(
  endpoints: readonly Endpoint[],
  rules: Pick<PartyRules, 'technologies' | 'isTrunkName' | 'isTrunkContext'>,
  contextOf: (endpoint: Endpoint) => string | undefined,
): PickableEndpoints {
  const isTrunk = (endpoint: Endpoint): boolean => {
    const context = contextOf(endpoint);
    return rules.isTrunkName(endpoint.name) || (context !== undefined && rules.isTrunkContext(context));
  };
  const known = endpoints.filter(({ technology, name }) => rules.technologies.has(technology) && name !== '');
  const trunks = known.filter(isTrunk);
  const extensions = known.filter((endpoint) => !trunks.includes(endpoint));
  return { extensions: inOrder(oneEach(extensions)), trunks: inOrder(oneEach(trunks)) };
}

/** Subscriptions go by name, so one name of two technologies is one thing to pick. */
function oneEach(endpoints: readonly Endpoint[]): Endpoint[] {
  const byName = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const other = byName.get(endpoint.name);
    byName.set(endpoint.name, other === undefined ? endpoint : together(other, endpoint));
  }
  return [...byName.values()];
}

function together(one: Endpoint, other: Endpoint): Endpoint {
  const state = [one.state, other.state].find((word) => word === 'online') ?? one.state;
  return { technology: `${one.technology}, ${other.technology}`, name: one.name, state };
}

/** 2 before 10, trunk-2 before trunk-10; the same on every machine. */
function inOrder(endpoints: readonly Endpoint[]): Endpoint[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return endpoints.toSorted((one, other) => compare(one.name, other.name));
}
