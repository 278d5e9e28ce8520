/** What holds other things: cards, notes, badges, and what to say where there is nothing yet. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon, type IconName } from './icon.js';

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'plain';

interface CardProps {
  readonly title: string;
  readonly words?: ComponentChildren;
  readonly end?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Card({ title, words, end, children }: CardProps) {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <div class="card-head">
        <div class="row apart">
          <h2 id={id}>{title}</h2>
          {end}
        </div>
        {words !== undefined && <p>{words}</p>}
      </div>
      <div class="card-body">{children}</div>
    </section>
  );
}

const NOTE_ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warn: 'alert',
  bad: 'alert',
  accent: 'info',
  plain: 'info',
};

export function Note({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ComponentChildren }) {
  return (
    <div class={`note ${tone}`}>
      <Icon name={NOTE_ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}

interface BadgeProps {
  readonly tone?: Tone;
  readonly hasDot?: boolean;
  readonly children: ComponentChildren;
}

export function Badge({ tone = 'plain', hasDot = false, children }: BadgeProps) {
  return (
    <span class={`badge ${tone}`}>
      {hasDot && <span class="dot" />}
      {children}
    </span>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}

export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** A search box; what it finds is told by whoever shows it. */
export function Search(props: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (v: string) => void;
}) {
  return (
    <div class="search">
      <Icon name="search" />
      <input
        class="input"
        type="search"
        aria-label={props.label}
        placeholder={props.label}
        value={props.value}
        onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
      />
    </div>
  );
}
