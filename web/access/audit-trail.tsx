/** The audit trail: who did what, when, from where. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AuditEntry } from '../../src/io/web/contract/access.js';
import { listAudit } from '../api/access.js';
import { Card, Search } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { Loaded, loadable } from '../parts/loaded.js';
import { now } from '../shell/clock.js';
import { fullDateOf, momentOf } from '../words/dates.js';

const audit = loadable(listAudit);
const STEP = 25;

export function AuditTrail() {
  const search = useSignal('');
  const shown = useSignal(STEP);
  useEffect(() => void audit.load(), []);
  return (
    <Card
      title="Audit trail"
      words="Sign-ins, changes, and each time somebody listened; the newest first."
      end={
        <Button size="small" onPress={() => void audit.load()}>
          Refresh
        </Button>
      }
    >
      <div class="stack">
        <div class="row">
          <Search
            label="Search the audit trail"
            value={search.value}
            onInput={(text) => {
              search.value = text;
              shown.value = STEP;
            }}
          />
        </div>
        <Loaded from={audit}>
          {(entries) => {
            const found = entriesWith(entries, search.value);
            return (
              <>
                <AuditTable entries={found.slice(0, shown.value)} />
                {found.length > shown.value && (
                  <div>
                    <Button
                      size="small"
                      onPress={() => {
                        shown.value += STEP * 4;
                      }}
                    >
                      Show more
                    </Button>
                  </div>
                )}
              </>
            );
          }}
        </Loaded>
      </div>
    </Card>
  );
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  if (entries.length === 0) return <p class="muted">Nothing found.</p>;
  return (
    <table class="table cards flush">
      <caption class="hidden-text">Audit trail</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={`${entry.at}${entry.by}${entry.action}${entry.detail}`}>
            <td data-label="When" class="nowrap number">
              <time dateTime={entry.at} title={fullDateOf(entry.at)}>
                {momentOf(entry.at, now.value)}
              </time>
            </td>
            <th scope="row" data-label="Who" class="nowrap">
              {entry.by}
            </th>
            <td data-label="What">
              {entry.action}
              {entry.detail !== '' && <div class="small muted anywhere">{entry.detail}</div>}
            </td>
            <td data-label="From" class="mono small">
              {entry.from}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function entriesWith(entries: readonly AuditEntry[], search: string): AuditEntry[] {
  const words = search.toLowerCase().split(/\s+/);
  return entries.filter(({ by, from, action, detail }) => {
    const text = `${by} ${from} ${action} ${detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
