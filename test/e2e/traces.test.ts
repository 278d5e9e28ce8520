/** Traces of the real thing: what a collector is told of the taps of a real call. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { NOISY_EXTENSIONS, noiseCall, RATE } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const PARTIES = ['1100', '1101'] as const;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
});
afterEach(async () => {
  await receiver.stop();
  await addOn.stop();
  expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function linked(changes: SettingsPart = {}): Promise<void> {
  addOn = await AddOn.linked(lab, receiver, changes);
}

interface OtlpSpan {
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly events: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status: { readonly code?: number };
}

const LIFE = [
  'armed',
  'snoop created',
  'media created',
  'bridge created',
  'live',
  'first packet',
  'streaming',
  'bridge removed',
  'over',
];

/** Takes OTLP over HTTP as a collector does, and keeps the spans. */
async function startCollector(spans: OtlpSpan[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    expect([request.method, request.url]).toEqual(['POST', '/v1/traces']);
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as {
      resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
    };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test(
  'a collector is told the life of each tap, step by step',
  async () => {
    const spans: OtlpSpan[] = [];
    const collector = await startCollector(spans);
    try {
      await linked({ monitoring: { traces: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` } });
      const call = await noiseCall(lab, receiver, ...PARTIES);
      await call.caller.hangUp();
      const [caller] = await receiver.ended(PARTIES);
      await nothingLeft(lab);
      await addOn.stop();
      expect(spans.map(({ name }) => name)).toEqual(['tap', 'tap']);
      for (const { attributes, events, status } of spans) {
        const attribute = (key: string) => attributes.find((one) => one.key === key)?.value.stringValue;
        expect(attribute('asterisk.channel.name')).toMatch(/^PJSIP\/110[01]-/);
        expect(attribute('ari_audio_stream.callid')).toBe(caller?.callid);
        const steps = events.map(({ name }) => name);
        expect(steps).toEqual(expect.arrayContaining(LIFE));
        expect([steps[0], steps.at(-1)]).toEqual(['armed', 'over']);
        expect(new Set(steps).size).toBe(steps.length);
        // What goes by itself together with its channel is not removed; the bridge never does.
        expect(steps.filter((step) => !LIFE.includes(step)).every((step) => step.endsWith(' removed'))).toBe(true);
        const times = events.map(({ timeUnixNano }) => BigInt(timeUnixNano));
        expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0n))).toBe(true);
        expect(status.code ?? 0).toBe(0);
      }
    } finally {
      collector.close();
    }
  },
  TEST_LIMIT_MS,
);

test(
  'a collector that is away is told once, and harms no call',
  async () => {
    await linked({ monitoring: { traces: 'http://127.0.0.1:9/v1/traces' } });
    const call = await noiseCall(lab, receiver, ...PARTIES);
    await call.caller.hangUp();
    await receiver.ended(PARTIES);
    await nothingLeft(lab);
    expect((await addOn.reports('TRACES_REFUSED')).message).toContain('http://127.0.0.1:9/v1/traces');
    expect(await addOn.stop()).toBe(0);
    expect(addOn.lines.filter(({ code }) => code === 'TRACES_REFUSED')).toHaveLength(1);
  },
  TEST_LIMIT_MS,
);

test('without the packages it says which command installs them', async () => {
  // The resolution of a process of its own is made to find none of them, as after an installation without them.
  const hooks = `export async function resolve(name, context, next) {
    if (name.startsWith('@opentelemetry/')) throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  }`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;
  const without = AddOn.run(['start', '--monitoring-traces', 'http://127.0.0.1:9'], {
    NODE_OPTIONS: `--import=${dataUrl(register)}`,
    ARI_AUDIO_STREAM_ASTERISK_PASSWORD: 'x',
    ARI_AUDIO_STREAM_STREAMING_ENABLE: 'false',
    ARI_AUDIO_STREAM_MEDIA_LISTEN: '127.0.0.1:0',
  });
  addOn = without;
  const code = await without.exited;
  const { text } = without;
  expect(text).toContain('TRACES_UNAVAILABLE: Traces cannot be sent from here: ');
  expect(text).toMatch(/Run: npm install @opentelemetry\/api@\S+ /);
  expect(code).toBe(1);
}, 30_000);

const dataUrl = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
