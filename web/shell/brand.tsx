/** The name and the sign of the program. */

export function Brand({ words }: { readonly words?: string | undefined }) {
  return (
    <div class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect class="brand-ground" width="32" height="32" rx="8" />
        <path class="brand-lines" d="M7 14v4M11.5 10.5v11M16 7v18M20.5 11v10M25 14v4" />
      </svg>
      <span class="brand-name">
        Audio Streaming
        <small>for Asterisk</small>
        {words !== undefined && <small>{words}</small>}
      </span>
    </div>
  );
}
