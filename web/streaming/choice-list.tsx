/** What Asterisk knows, to choose from: search, select all that was found, and each by itself. */
import { useSignal } from '@preact/signals';
import { Search } from '../parts/boxes.js';
import { Switch } from '../parts/switch.js';
import { numberOf } from '../words/amounts.js';
import type { ObjectKind } from './object-kind.js';
import { type Choice, found, withAll, withName } from './picked.js';

/** The rest is found by searching; more rows would only make the page slow. */
const MOST_ROWS = 200;

interface ChoiceListProps {
  readonly kind: ObjectKind;
  readonly choices: readonly Choice[] | undefined;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}

export function ChoiceList({ kind, choices, chosen, onChange }: ChoiceListProps) {
  const search = useSignal('');
  const isAll = chosen.includes('*');
  const matches = found(choices ?? [], search.value);
  const names = matches.map(({ name }) => name);
  const hasAll = names.length > 0 && names.every((name) => chosen.includes(name));
  return (
    <div class="stack tight">
      <Switch isCheck isOn={isAll} onChange={(isIn) => onChange(withName(chosen, '*', isIn))}>
        All {kind.title}, also those that come later <code>*</code>
      </Switch>
      {choices !== undefined && choices.length === 0 && <p class="hint">{kind.none}</p>}
      {choices === undefined && <p class="hint">Asking Asterisk …</p>}
      {choices !== undefined && choices.length > 0 && !isAll && (
        <>
          <Search
            label={`Search ${kind.title}`}
            value={search.value}
            onInput={(text) => {
              search.value = text;
            }}
          />
          <fieldset class="choices" aria-label={kind.title}>
            {matches.length > 1 && (
              <Switch isCheck isOn={hasAll} onChange={(areIn) => onChange(withAll(chosen, names, areIn))}>
                <strong>Select all {search.value === '' ? '' : 'found '}</strong>
                <span class="muted">({numberOf(matches.length, kind.one)})</span>
              </Switch>
            )}
            {matches.slice(0, MOST_ROWS).map(({ name, words }) => (
              <Switch
                key={name}
                isCheck
                isOn={chosen.includes(name)}
                onChange={(isIn) => onChange(withName(chosen, name, isIn))}
              >
                {name} <span class="muted small">{words}</span>
              </Switch>
            ))}
            {matches.length > MOST_ROWS && (
              <p class="hint">and {matches.length - MOST_ROWS} more: search to find them, or select all.</p>
            )}
          </fieldset>
          <p class="hint" role="status">
            {search.value === '' ? '' : `${numberOf(matches.length, kind.one)} found`}
          </p>
        </>
      )}
    </div>
  );
}
