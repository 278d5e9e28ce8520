/**
 * What is being listened to, with its volume and an end. Its data attributes tell what the audio graph plays, so that a
 * test can read it: `data-state`, `data-level-db` (dBFS) and `data-tone-hz` (the strongest frequency).
 */
import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Meter, moveMeter } from '../live/meter.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { heard, listening, stopListening, volume } from './player.js';

export function ListenBar() {
  return listening.value === undefined ? null : <Bar />;
}

function Bar() {
  const bar = useRef<HTMLElement>(null);
  const elements = {
    meter: useRef<HTMLDivElement>(null),
    cover: useRef<HTMLDivElement>(null),
    peak: useRef<HTMLDivElement>(null),
  };
  useSignalEffect(() => {
    const measured = heard.value;
    if (bar.current === null || measured === undefined) return;
    bar.current.dataset.levelDb = measured.levelDb.toFixed(1);
    bar.current.dataset.toneHz = measured.toneHz?.toFixed(1) ?? '';
    moveMeter(elements, 'What you hear', measured.levelDb, measured.levelDb);
  });
  const { title, state } = listening.value ?? {};
  return (
    <section ref={bar} class="listen-bar" aria-label="Listening" data-state={state}>
      <Icon name="listen" />
      <div class="listen-words">
        <strong>{title}</strong>
        <span class="small muted" role="status">
          {state === 'playing' ? 'You are listening. This is written to the audit trail.' : 'Connecting …'}
        </span>
      </div>
      <Meter elements={elements} label="What you hear" />
      <label class="row volume">
        <Icon name="volume" />
        <span class="hidden-text">Volume</span>
        <input
          class="slider"
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={volume.value}
          onInput={({ currentTarget }) => {
            volume.value = Number(currentTarget.value);
          }}
        />
      </label>
      <Button size="small" onPress={stopListening}>
        Stop
      </Button>
    </section>
  );
}
