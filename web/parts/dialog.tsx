/** A question that has to be answered before anything else: the browser's own modal dialog. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  /** Escape, which is the answer that changes nothing. */
  readonly onCancel: () => void;
  readonly children: ComponentChildren;
  readonly actions: ComponentChildren;
  readonly onSubmit?: () => void;
}

export function Dialog({ title, onCancel, children, actions, onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    // The browser gives the focus back only to a dialog that is closed before it goes; this one just goes.
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <form
        class="dialog-body"
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div class="dialog-end">{actions}</div>
      </form>
    </dialog>
  );
}
