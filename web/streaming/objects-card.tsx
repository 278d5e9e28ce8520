/** The Subscription Object: whose calls are streamed. */
import type { SubscriptionObjects } from '../../src/io/web/contract/settings.js';
import { listSubscriptionObjects } from '../api/settings.js';
import { Card, Note } from '../parts/boxes.js';
import { loadable } from '../parts/loaded.js';
import type { FormValues } from './form-state.js';
import type { ObjectKind } from './object-kind.js';
import { ObjectPicker } from './object-picker.js';
import type { Choice } from './picked.js';

const KINDS: readonly ObjectKind[] = [
  {
    list: 'extensions',
    isOn: 'enableExtensions',
    title: 'Extensions',
    words: 'A call is streamed when one of them takes part in it.',
    one: 'extension',
    example: '_10XX',
    none: 'Asterisk knows no extension now. You can still enter names or patterns.',
  },
  {
    list: 'extensionGroups',
    isOn: 'enableExtensionGroups',
    title: 'Extension groups',
    words: 'A call is streamed when an extension of one of them takes part in it.',
    one: 'group',
    example: 'sales',
    none: 'There is no group yet. Groups are made in the settings file.',
  },
  {
    list: 'trunks',
    isOn: 'enableTrunks',
    title: 'Trunks',
    words: 'Calls through them are streamed, both in and out.',
    one: 'trunk',
    example: 'provider',
    none: 'Asterisk knows no trunk now. You can still enter names or patterns.',
  },
  {
    list: 'dids',
    isOn: 'enableDids',
    title: 'DID Numbers',
    words: 'Calls that come in to these numbers are streamed.',
    one: 'number',
    example: '_4930123XX',
    none: 'Numbers appear here once a call has come in by them. You can enter them at once.',
  },
];

export const objects = loadable(listSubscriptionObjects);

export function ObjectsCard({ values }: { readonly values: FormValues }) {
  const known = objects.value.value;
  return (
    <Card
      title="Subscription Object"
      words="Whose calls are streamed. One match is enough, and brings the whole call with it."
    >
      <div class="stack">
        {subscribesNothing(values) && (
          <Note tone="accent">
            <strong>No call is streamed yet.</strong> Choose at least one object below. To try it out, choose all
            extensions.
          </Note>
        )}
        {objects.problem.value !== undefined && (
          <Note tone="warn">
            What Asterisk knows could not be read: {objects.problem.value} You can still enter names.
          </Note>
        )}
        <div class="objects">
          {KINDS.map((kind) => (
            <ObjectPicker
              key={kind.list}
              kind={kind}
              isOn={values[kind.isOn]}
              chosen={values[kind.list]}
              choices={known === undefined ? undefined : choicesOf(kind.list, known)}
            />
          ))}
        </div>
      </div>
    </Card>
  );
}

export function subscribesNothing(values: FormValues): boolean {
  return KINDS.every(({ list, isOn }) => !values[isOn] || values[list].length === 0);
}

function choicesOf(list: ObjectKind['list'], known: SubscriptionObjects): Choice[] {
  if (list === 'dids') return known.dids.map((name) => ({ name, words: '' }));
  if (list === 'extensionGroups') {
    return known.extensionGroups.map(({ name, members }) => ({ name, words: members.join(', ') }));
  }
  return known[list].map(({ name, technology, state }) => ({ name, words: `${technology} · ${state}` }));
}
