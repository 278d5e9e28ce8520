/** A view of the page: its heading, which takes the focus when one comes here, and what it says at first. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface ViewProps {
  readonly title: string;
  readonly words?: ComponentChildren;
  readonly end?: ComponentChildren;
  readonly children: ComponentChildren;
}

let isFirst = true;

export function View({ title, words, end, children }: ViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Audio Streaming`;
    // On loading the page the browser starts at its top, as ever.
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
    scrollTo(0, 0);
  }, [title]);
  return (
    <div class="view">
      <header class="view-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {words !== undefined && <p>{words}</p>}
        </div>
        {end}
      </header>
      {children}
    </div>
  );
}
