/** The short news of `notices.ts`, in a region that screen readers read out. */
import { Button } from '../parts/button.js';
import { Icon, type IconName } from '../parts/icon.js';
import { dismiss, type Notice, notices } from './notices.js';

const ICONS: Readonly<Record<Notice['tone'], IconName>> = { good: 'check', bad: 'alert', plain: 'info' };

export function Notices() {
  return (
    <div class="toasts" aria-live="polite" role="status">
      {notices.value.map(({ serial, tone, text }) => (
        <div key={serial} class={`note toast ${tone}`}>
          <Icon name={ICONS[tone]} />
          <div>{text}</div>
          <Button icon="cross" label="Close" onPress={() => dismiss(serial)} />
        </div>
      ))}
    </div>
  );
}
