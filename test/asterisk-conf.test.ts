/** asterisk-conf/ agrees with itself, and with what `check` asks for. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { moduleFindings } from '../src/core/check/modules.js';

const ADD_ON = 'asterisk-conf/add-on';
const LAB = 'asterisk-conf/lab';

/**
 * What `check` need not ask for: without the first it could ask nothing, without the others modules that it asks for do not
 * load. Of the timing modules any one will do.
 */
const PRESUPPOSED = [
  'res_ari.so',
  'res_ari_asterisk.so',
  'res_ari_model.so',
  'res_stasis_answer.so',
  'res_stasis_playback.so',
  'res_stasis_recording.so',
  'res_timing_timerfd.so',
  'res_websocket_client.so',
];

const ofAddOn = loadsIn(`${ADD_ON}/modules_ari-audio-stream.conf`);

function loadsIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^load = (\S+)/gm)].map(([, name = '']) => name);
}

/** With no module loaded, `check` names every one that it wants. */
function wantedByCheck(): string[] {
  const lines = moduleFindings([], 'auto').flatMap((finding) => ('lines' in finding ? finding.lines : []));
  return lines.flatMap(({ text }) => /^load = (\S+)$/.exec(text)?.[1] ?? []);
}

test('every module that check wants is in the list of the add-on', () => {
  const wanted = wantedByCheck();
  expect(wanted.length).toBeGreaterThan(10);
  expect(wanted.filter((name) => !ofAddOn.includes(name))).toEqual([]);
});

test('check wants every module of that list, but for those that it need not ask for', () => {
  const wanted = wantedByCheck();
  expect(ofAddOn.filter((name) => !wanted.includes(name) && !PRESUPPOSED.includes(name))).toEqual([]);
  expect(PRESUPPOSED.filter((name) => !ofAddOn.includes(name))).toEqual([]);
});

test('no module is loaded twice', () => {
  const all = [...ofAddOn, ...loadsIn(`${LAB}/modules.conf`)];
  expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
});

test('the two folders can be put flat into one, and every file is in the README', () => {
  const readme = readFileSync('asterisk-conf/README.md', 'utf8');
  const [addOn, lab] = [readdirSync(ADD_ON), readdirSync(LAB)];
  expect(addOn.filter((name) => lab.includes(name))).toEqual([]);
  expect([...addOn, ...lab].filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
