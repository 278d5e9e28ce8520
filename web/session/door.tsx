/** What is shown before anybody is signed in: signing in, and the first set-up. */
import type { ComponentChildren } from 'preact';
import { Brand } from '../shell/brand.js';

interface DoorProps {
  readonly title: string;
  readonly words: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Door({ title, words, children }: DoorProps) {
  return (
    <main class="door">
      <div class="door-box">
        <Brand />
        <div class="card">
          <div class="card-body stack">
            <div>
              <h1 class="door-title">{title}</h1>
              <p class="muted">{words}</p>
            </div>
            {children}
          </div>
        </div>
      </div>
    </main>
  );
}
