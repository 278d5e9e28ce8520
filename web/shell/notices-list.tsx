/** The short news of `notices.ts`, in a region that screen readers read out. */
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { dismiss, notices } from './notices.js';

export function Notices() {
  return (
    <div class="toasts" aria-live="polite" role="status">
      {notices.value.map(({ serial, tone, text }) => (
        <div key={serial} class={`note toast ${tone}`}>
          <Icon name={tone === 'bad' ? 'alert' : 'check'} />
          <div>{text}</div>
          <Button icon="cross" label="Close" onPress={() => dismiss(serial)} />
        </div>
      ))}
    </div>
  );
}
