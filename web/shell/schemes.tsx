/** The choice between light, dark, and what the system says. */
import { useSignal } from '@preact/signals';
import { Icon, type IconName } from '../parts/icon.js';
import { keepTheme, keptTheme, showTheme, THEMES, type Theme } from './kept-theme.js';

const SHOWN: Readonly<Record<Theme, { icon: IconName; label: string }>> = {
  system: { icon: 'system', label: 'Light or dark as the system' },
  light: { icon: 'sun', label: 'Light' },
  dark: { icon: 'moon', label: 'Dark' },
};

export function Schemes() {
  const theme = useSignal(keptTheme());
  return (
    <fieldset class="schemes" aria-label="Colours">
      {THEMES.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={theme.value === one}
          aria-label={SHOWN[one].label}
          title={SHOWN[one].label}
          onClick={() => {
            theme.value = one;
            showTheme(one);
            keepTheme(one);
          }}
        >
          <Icon name={SHOWN[one].icon} />
        </button>
      ))}
    </fieldset>
  );
}
