/** One line of text under its label. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.js';
import { Field } from './field.js';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly whyNot?: string | undefined;
  readonly placeholder?: string;
  readonly isPassword?: boolean;
  readonly autocomplete?: string;
  readonly maxLength?: number;
  readonly isMono?: boolean;
  readonly isFirst?: boolean;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onInput, hint, problem, whyNot, isPassword = false } = props;
  const [isShown, show] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.isFirst !== true || input.current === null) return;
    // A dialog that is opened around it gives the focus to what is marked.
    input.current.autofocus = true;
    input.current.focus();
  }, []);
  return (
    <Field label={label} hint={hint} problem={problem} whyNot={whyNot}>
      {(labelled) => (
        <div class={isPassword ? 'row password' : undefined}>
          <input
            {...labelled}
            ref={input}
            class={props.isMono ? 'input mono' : 'input'}
            // Preact's types want one type, and know that both are fine.
            type={(isPassword && !isShown ? 'password' : 'text') as 'text'}
            value={value}
            placeholder={props.placeholder}
            autocomplete={props.autocomplete ?? 'off'}
            maxLength={props.maxLength}
            autocapitalize="none"
            spellcheck={false}
            onInput={({ currentTarget }) => onInput(currentTarget.value)}
          />
          {isPassword && (
            <Button icon="eye" label={`Show ${label.toLowerCase()}`} isOn={isShown} onPress={() => show(!isShown)} />
          )}
        </div>
      )}
    </Field>
  );
}
