/** Entering a name or a pattern by hand, with its meaning in words while it is typed. */
import { useSignal } from '@preact/signals';
import { Button } from '../parts/button.js';
import { Field } from '../parts/field.js';
import { entriesIn, entryProblem, meaningOf } from './name-entry.js';
import type { ObjectKind } from './object-kind.js';

interface EntryFieldProps {
  readonly kind: ObjectKind;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}

export function EntryField({ kind, chosen, onChange }: EntryFieldProps) {
  const text = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const add = () => {
    const entries = entriesIn(text.value);
    const wrong = entries.length === 0 ? '' : entries.find((entry) => entryProblem(entry) !== undefined);
    problem.value = wrong === undefined ? undefined : entryProblem(wrong);
    if (wrong !== undefined) return;
    onChange([...new Set([...chosen, ...entries])]);
    text.value = '';
  };
  return (
    <div class="stack tight">
      <Field
        label="Enter a name or a pattern"
        problem={problem.value}
        hint={<Explanation text={text.value} kind={kind} />}
      >
        {(labelled) => (
          <div class="row">
            <input
              {...labelled}
              class="input mono grow"
              placeholder={kind.example}
              value={text.value}
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => {
                text.value = currentTarget.value;
                problem.value = undefined;
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
            />
            <Button onPress={add}>Add</Button>
          </div>
        )}
      </Field>
    </div>
  );
}

function Explanation({ text, kind }: { readonly text: string; readonly kind: ObjectKind }) {
  const meaning = meaningOf(text.trim());
  if (meaning !== undefined) return <strong role="status">{meaning}</strong>;
  if (kind.list === 'extensionGroups')
    return (
      <>
        The name of a group, or <code>*</code> for all. Several with commas.
      </>
    );
  return (
    <>
      A pattern begins with <code>_</code>: <code>X</code> is any digit, <code>Z</code> 1 to 9, <code>N</code> 2 to 9,{' '}
      <code>[13-5]</code> one of these, <code>.</code> any rest. So <code>_10XX</code> is 1000 to 1099. <code>*</code>{' '}
      is all. Several with commas.
    </>
  );
}
