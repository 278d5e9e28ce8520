/** How the API's description looks, in the colours of the page where that is built. */

export const REFERENCE_STYLE = `body { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; font-family: var(--font, sans-serif); line-height: 1.55; }
h1 { margin: 0 0 0.5rem; font-size: 1.6rem; }
h2 { margin: 3rem 0 0.5rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
h4 { margin: 1rem 0 0.25rem; font-size: 0.85rem; color: var(--text-2, inherit); }
p { margin: 0.5rem 0; }
code { font-family: var(--mono, monospace); font-size: 0.9em; }
nav ul { columns: 22rem; margin: 0.25rem 0 1.25rem; padding-left: 0; list-style: none; }
nav li { padding: 0.2rem 0; break-inside: avoid; overflow-wrap: anywhere; }
nav strong { font-weight: 600; }
section.operation { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--surface, transparent); border: 1px solid var(--line, #8888); border-radius: 12px; }
.method { display: inline-block; margin-right: 0.6em; color: var(--accent, inherit); }
.needs, .type { color: var(--text-2, inherit); font-size: 0.9em; }
ul.fields { margin: 0.25rem 0; padding-left: 1.1rem; list-style: none; border-left: 2px solid var(--line, #8888); }
ul.fields li { margin: 0.3rem 0; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; }
`;
