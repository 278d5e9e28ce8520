/** A labelled control with its hint, its problem, and the reason when it can't be changed here. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { READ_ONLY } from '../session/session.js';
import { Icon } from './icon.js';

/** What the control inside has to carry so that the words around it are its own. */
export interface Labelled {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
  readonly disabled: boolean;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly whyNot?: string | undefined;
  readonly children: (labelled: Labelled) => ComponentChildren;
}

export function Field({ label, hint, problem, whyNot, children }: FieldProps) {
  const id = useId();
  const words = [
    hint === undefined ? '' : `${id}-hint`,
    problem === undefined ? '' : `${id}-problem`,
    whyNot === undefined ? '' : `${id}-why`,
  ];
  const describedBy = words.filter((word) => word !== '').join(' ');
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': problem === undefined ? undefined : 'true',
        disabled: whyNot !== undefined,
      })}
      <Problem id={`${id}-problem`} text={problem} />
      {whyNot !== undefined && <WhyNot id={`${id}-why`} text={whyNot} />}
      {hint !== undefined && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

export function Problem({ id, text }: { readonly id?: string; readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p class="problem" id={id}>
      <Icon name="alert" />
      <span>{text}</span>
    </p>
  );
}

export function WhyNot({ id, text }: { readonly id?: string; readonly text: string }) {
  return (
    // What holds for the whole page is told once at its top, and here only to those who can't see that.
    <p class={text === READ_ONLY ? 'hidden-text' : 'hint why-not'} id={id}>
      <Icon name="lock" />
      <span>{text}</span>
    </p>
  );
}
