/** A button that says why when it is out of reach: it stays in the tab order then, so that everybody can learn the reason. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { tell } from '../shell/notices.js';
import { Icon, type IconName } from './icon.js';

export interface ButtonProps {
  readonly onPress?: (() => void) | undefined;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'normal' | 'small';
  readonly icon?: IconName | undefined;
  /** What it does, where the text alone does not say it, or there is only a picture. */
  readonly label?: string;
  /** Why it can't be pressed. */
  readonly whyNot?: string | undefined;
  readonly isBusy?: boolean;
  readonly isOn?: boolean;
  readonly isSubmit?: boolean;
  readonly expands?: boolean;
  readonly children?: ComponentChildren;
}

/** Pointing shows the reason on a desk; a finger has to press for it. */
function press({ whyNot, isBusy, onPress }: ButtonProps): void {
  if (whyNot !== undefined) tell(whyNot, 'plain');
  else if (isBusy !== true) onPress?.();
}

export function Button(props: ButtonProps) {
  const { kind = 'plain', size = 'normal', icon, label, whyNot, isBusy = false, children } = props;
  const reason = useId();
  const isOut = whyNot !== undefined || isBusy;
  const isBare = children === undefined;
  const classes = ['button', kind, size === 'small' ? 'small' : '', isBare ? 'bare' : '', props.isOn ? 'on' : ''];
  return (
    <>
      <button
        type={props.isSubmit === true && !isOut ? 'submit' : 'button'}
        class={classes.filter((name) => name !== '' && name !== 'plain').join(' ')}
        aria-label={label}
        aria-disabled={isOut ? 'true' : undefined}
        aria-busy={isBusy ? 'true' : undefined}
        aria-pressed={props.isOn}
        aria-expanded={props.expands}
        aria-describedby={whyNot === undefined ? undefined : reason}
        title={whyNot ?? (isBare ? label : undefined)}
        onClick={() => press(props)}
      >
        {icon !== undefined && <Icon name={icon} />}
        {children}
      </button>
      {whyNot !== undefined && (
        <span id={reason} class="hidden-text">
          {whyNot}
        </span>
      )}
    </>
  );
}
