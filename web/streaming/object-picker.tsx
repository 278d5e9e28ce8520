/** One list of the Subscription Object: its switch, what is chosen, and a drawer to choose from. */
import { useSignal } from '@preact/signals';
import { Button } from '../parts/button.js';
import { Problem, WhyNot } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { Switch } from '../parts/switch.js';
import { ChoiceList } from './choice-list.js';
import { EntryField } from './entry-field.js';
import { entryProblem, kindOf, meaningOf } from './name-entry.js';
import type { ObjectKind } from './object-kind.js';
import { type Choice, summaryOf, withName } from './picked.js';
import { change, shownProblems } from './streaming-form.js';
import { whyLocked } from './why-locked.js';

interface PickerProps {
  readonly kind: ObjectKind;
  readonly isOn: boolean;
  readonly chosen: readonly string[];
  /** Undefined while they are not known. */
  readonly choices: readonly Choice[] | undefined;
}

export function ObjectPicker({ kind, isOn, chosen, choices }: PickerProps) {
  const isOpen = useSignal(false);
  const whyNot = whyLocked(kind.list);
  const set = (names: readonly string[]) => change({ [kind.list]: names });
  return (
    <fieldset class="object">
      <legend class="hidden-text">{kind.title}</legend>
      <div class="row apart">
        <Switch isOn={isOn} onChange={(on) => change({ [kind.isOn]: on })} whyNot={whyLocked(kind.isOn)}>
          {kind.title}
        </Switch>
        <span class="small muted number">{isOn ? summaryOf(chosen) : 'off'}</span>
      </div>
      <div class={isOn ? 'object-body' : 'object-body off'}>
        <p class="hint">{kind.words}</p>
        <Chips kind={kind} chosen={chosen} isLocked={whyNot !== undefined} onChange={set} />
        <Problem text={shownProblems.value[kind.list]} />
        {whyNot !== undefined && chosen.length > 0 && <WhyNot text={whyNot} />}
        {isOn && (
          <div>
            <Button
              size="small"
              icon={isOpen.value ? undefined : 'plus'}
              onPress={() => {
                isOpen.value = !isOpen.value;
              }}
              whyNot={whyNot}
              expands={isOpen.value}
              label={isOpen.value ? `Done with ${kind.title}` : `Choose ${kind.title}`}
            >
              {isOpen.value ? 'Done' : 'Choose …'}
            </Button>
          </div>
        )}
        {isOn && isOpen.value && whyNot === undefined && (
          <div class="drawer">
            <ChoiceList kind={kind} choices={choices} chosen={chosen} onChange={set} />
            <EntryField kind={kind} chosen={chosen} onChange={set} />
          </div>
        )}
      </div>
    </fieldset>
  );
}

interface ChipsProps {
  readonly kind: ObjectKind;
  readonly chosen: readonly string[];
  readonly isLocked: boolean;
  readonly onChange: (chosen: string[]) => void;
}

/** More would bury the form; the list in the drawer has them all. */
const MOST_CHIPS = 40;

function Chips({ kind, chosen, isLocked, onChange }: ChipsProps) {
  const isAll = useSignal(false);
  if (chosen.length === 0) return null;
  // Patterns first: they are few, and say most.
  const sorted = [...chosen].sort((a, b) => Number(kindOf(a) === 'name') - Number(kindOf(b) === 'name'));
  const shown = isAll.value ? sorted : sorted.slice(0, MOST_CHIPS);
  return (
    <ul class="chips" aria-label={`Chosen: ${kind.title}`}>
      {shown.map((entry) => (
        <li key={entry} class={chipClass(entry)} title={meaningOf(entry)}>
          <span class={isLocked ? 'no-remove' : ''}>{entry === '*' ? `All ${kind.title} (*)` : entry}</span>
          {!isLocked && (
            <button
              type="button"
              aria-label={`Remove ${entry}`}
              onClick={() => onChange(withName(chosen, entry, false))}
            >
              <Icon name="cross" />
            </button>
          )}
        </li>
      ))}
      {sorted.length > shown.length && (
        <li>
          <Button
            kind="quiet"
            size="small"
            onPress={() => {
              isAll.value = true;
            }}
          >
            and {sorted.length - shown.length} more
          </Button>
        </li>
      )}
    </ul>
  );
}

function chipClass(entry: string): string {
  if (entryProblem(entry) !== undefined) return 'chip wrong';
  return kindOf(entry) === 'name' ? 'chip' : 'chip pattern';
}
