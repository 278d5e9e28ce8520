/** The view Health: both connections in plain words with what to do, figures, versions, and the end of the log. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ConnectionHealth, Health } from '../../src/io/web/contract/health.js';
import { messageOf } from '../api/request.js';
import { Badge, Card, Note, type Tone } from '../parts/boxes.js';
import { Icon, type IconName } from '../parts/icon.js';
import { View } from '../parts/view.js';
import { now } from '../shell/clock.js';
import { countOf, lengthOf, sizeOf } from '../words/amounts.js';
import { fullDateOf, momentOf } from '../words/dates.js';
import { health, loadHealth } from './health.js';
import { LogTail } from './log-tail.js';

const REFRESH_MS = 2_000;

export function HealthView() {
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const load = () => {
      loadHealth().then(
        () => {
          problem.value = undefined;
        },
        (cause: unknown) => {
          problem.value = messageOf(cause);
        },
      );
    };
    load();
    const timer = setInterval(() => {
      if (!document.hidden) load();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <View title="Health" words="Whether everything works, and what to do where it does not.">
      {problem.value !== undefined && <Note tone="bad">{problem.value}</Note>}
      {health.value === undefined && problem.value === undefined && <p class="muted">Loading …</p>}
      {health.value !== undefined && <Shown health={health.value} />}
      <LogTail />
    </View>
  );
}

function Shown({ health: { asterisk, receiver, counters, versions, uptimeSeconds } }: { readonly health: Health }) {
  return (
    <>
      <div class="tiles wide">
        <Connection title="Asterisk" health={asterisk} />
        <Connection title="Receiving server" health={receiver} />
      </div>
      <div class="tiles uneven">
        <Card title="Figures" words="Since the program was started.">
          <dl class="figures">
            {counters.map(({ name, value, unit }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="number">{unit === 'bytes' ? sizeOf(value) : `${countOf(value)} ${unit}`}</dd>
              </div>
            ))}
          </dl>
        </Card>
        <Card title="Versions">
          <dl class="pairs">
            <dt>ari-audio-stream</dt>
            <dd>{versions.program}</dd>
            <dt>Asterisk</dt>
            <dd>{versions.asterisk ?? 'not connected'}</dd>
            <dt>Node.js</dt>
            <dd>{versions.node}</dd>
            <dt>Running for</dt>
            <dd>{lengthOf(uptimeSeconds * 1000)}</dd>
          </dl>
        </Card>
      </div>
    </>
  );
}

const STATES: Readonly<Record<ConnectionHealth['state'], { tone: Tone; words: string; icon: IconName }>> = {
  up: { tone: 'good', words: 'works', icon: 'check' },
  trouble: { tone: 'bad', words: 'needs attention', icon: 'alert' },
  idle: { tone: 'plain', words: 'not needed now', icon: 'info' },
};

function Connection({ title, health: { state, message, advice, code, since } }: ConnectionProps) {
  const { tone, words, icon } = STATES[state];
  return (
    <Card
      title={title}
      end={
        <Badge tone={tone} hasDot>
          {words}
        </Badge>
      }
    >
      <div class={`connection ${tone}`} data-state={state}>
        <Icon name={icon} />
        <div>
          <p>
            <strong>{message}</strong>
          </p>
          {advice !== null && <p>{advice}</p>}
          <p class="small muted">
            since <time title={fullDateOf(since)}>{momentOf(since, now.value)}</time>
            {code !== null && (
              <>
                {' · '}
                <code>{code}</code>
              </>
            )}
          </p>
        </div>
      </div>
    </Card>
  );
}

interface ConnectionProps {
  readonly title: string;
  readonly health: ConnectionHealth;
}
