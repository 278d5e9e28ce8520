/** On or off. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface SwitchProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly whyNot?: string | undefined;
  /** Small box instead of a switch: for a choice that is one of several. */
  readonly isCheck?: boolean;
  readonly children: ComponentChildren;
}

export function Switch({ isOn, onChange, whyNot, isCheck = false, children }: SwitchProps) {
  const id = useId();
  return (
    <label class={isCheck ? 'check' : 'switch'} for={id} title={whyNot}>
      <input
        id={id}
        type="checkbox"
        role={isCheck ? undefined : 'switch'}
        checked={isOn}
        disabled={whyNot !== undefined}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
