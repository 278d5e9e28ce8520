/** The end of the log, growing by itself, filtered by level and words. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LogLine } from '../../src/io/web/contract/health.js';
import { readLog } from '../api/health.js';
import { liveLink } from '../api/live-link.js';
import { Badge, Card, Search, type Tone } from '../parts/boxes.js';
import { Button } from '../parts/button.js';
import { fullDateOf, timeOf } from '../words/dates.js';
import { fieldsOf, LEVELS, type Level, shownLines, withLines } from './log-lines.js';

const PERIOD_MS = 2_000;
const MOST_SHOWN = 300;

const TONES: Readonly<Record<Level, Tone>> = { error: 'bad', warn: 'warn', info: 'accent', debug: 'plain' };
const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  error: 'Errors only',
  warn: 'Warnings and errors',
  info: 'Information and worse',
  debug: 'Everything',
};

export function LogTail() {
  const lines = useSignal<readonly LogLine[]>([]);
  const level = useSignal<Level>('info');
  const search = useSignal('');
  const isHeld = useSignal(false);
  useEffect(() => {
    let wasLost = false;
    const load = async () => {
      if (isHeld.value || document.hidden) return;
      // A program that was away may have been restarted, and counts its lines from 1 then.
      const after = wasLost ? 0 : (lines.value.at(-1)?.serial ?? 0);
      wasLost = liveLink.value === 'lost';
      lines.value = withLines(lines.value, await readLog(after));
    };
    // What goes wrong here is told by the view above, which asks as often.
    const tryLoad = () => void load().catch(() => undefined);
    tryLoad();
    const timer = setInterval(tryLoad, PERIOD_MS);
    return () => clearInterval(timer);
  }, []);
  const shown = shownLines(lines.value, level.value, search.value).slice(0, MOST_SHOWN);
  return (
    <Card
      title="Log"
      words="The newest lines first. Secrets are never written to it."
      end={
        <Button
          size="small"
          icon={isHeld.value ? 'play' : 'pause'}
          isOn={isHeld.value}
          onPress={() => {
            isHeld.value = !isHeld.value;
          }}
        >
          {isHeld.value ? 'Go on' : 'Hold'}
        </Button>
      }
    >
      <div class="stack">
        <div class="row">
          <select
            class="select auto"
            aria-label="Level"
            value={level.value}
            onChange={({ currentTarget }) => {
              level.value = LEVELS.find((one) => one === currentTarget.value) ?? 'info';
            }}
          >
            {LEVELS.map((one) => (
              <option key={one} value={one}>
                {LEVEL_WORDS[one]}
              </option>
            ))}
          </select>
          <Search
            label="Search the log"
            value={search.value}
            onInput={(text) => {
              search.value = text;
            }}
          />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <div class="log" tabIndex={0} role="log" aria-live="off" aria-label="Log">
          {shown.length === 0 && <p class="muted">No line of this kind.</p>}
          {shown.map((line) => (
            <Line key={line.serial} line={line} />
          ))}
        </div>
      </div>
    </Card>
  );
}

function Line({ line }: { readonly line: LogLine }) {
  return (
    <div class="log-line">
      <time class="number" dateTime={line.at} title={fullDateOf(line.at)}>
        {timeOf(line.at)}
      </time>
      <Badge tone={TONES[line.level]}>{line.level}</Badge>
      <div>
        {line.message} <span class="log-fields">{fieldsOf(line)}</span>
      </div>
    </div>
  );
}
