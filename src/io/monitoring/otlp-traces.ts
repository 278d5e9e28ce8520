/**
 * The life of each tap as a span, sent to an OpenTelemetry collector by OTLP over HTTP. The packages are large and wanted by
 * few: they are loaded on demand, and installed by whoever wants them.
 */

import type { Span, Tracer } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { StreamError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { TapFacts, TapStep, TapTrace, TapTraces } from '../../core/monitoring/tap-trace.js';

export interface OtlpTracesOptions {
  /** `http://…` or `https://…`; without a path `/v1/traces` is meant. */
  readonly url: string;
  /** Of this program. */
  readonly version: string;
  readonly log: Log;
}

/** What has to be installed, beside this package. */
export const TRACE_PACKAGES = [
  '@opentelemetry/api@1.9.1',
  '@opentelemetry/resources@2.12.1',
  '@opentelemetry/sdk-trace@2.12.1',
  '@opentelemetry/exporter-trace-otlp-http@0.223.1',
];
const SERVICE = 'ari-audio-stream';
const SEND_EVERY_MS = 2000;
const SEND_LIMIT_MS = 2000;
/** SpanStatusCode.ERROR of the API, which is not imported for it. */
const STATUS_ERROR = 2;
/** ExportResultCode.SUCCESS. */
const EXPORTED = 0;

export class OtlpTraces implements TapTraces {
  readonly #tracer: Tracer;
  readonly #shutdown: () => Promise<void>;

  private constructor(tracer: Tracer, shutdown: () => Promise<void>) {
    this.#tracer = tracer;
    this.#shutdown = shutdown;
  }

  /** Rejects with TRACES_UNAVAILABLE when the packages are not installed. */
  static async load({ url, version, log }: OtlpTracesOptions): Promise<OtlpTraces> {
    const { BatchSpanProcessor, TracerProvider, resourceFromAttributes, OTLPTraceExporter } = await packages();
    const address = new URL(url);
    if (address.pathname === '/') address.pathname = '/v1/traces';
    const inner = new OTLPTraceExporter({ url: address.href, timeoutMillis: SEND_LIMIT_MS });
    const exporter = toldExporter(inner, `${address.origin}${address.pathname}`, log);
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': SERVICE, 'service.version': version }),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          scheduledDelayMillis: SEND_EVERY_MS,
          exportTimeoutMillis: SEND_LIMIT_MS,
        }),
      ],
    });
    return new OtlpTraces(provider.getTracer(SERVICE, version), () => provider.shutdown());
  }

  begin({ channel, tap }: TapFacts): TapTrace {
    const attributes = { 'asterisk.channel.name': channel, 'ari_audio_stream.tap': tap };
    return new SpanTrace(this.#tracer.startSpan('tap', { attributes }));
  }

  /** Sends what is left, for two seconds at the most. */
  async close(): Promise<void> {
    await this.#shutdown().catch(() => undefined);
  }
}

class SpanTrace implements TapTrace {
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
    span.addEvent('armed');
  }

  step(step: TapStep, callid?: string): void {
    const attributes = callid === undefined ? {} : { 'ari_audio_stream.callid': callid };
    this.#span.setAttributes(attributes).addEvent(step, attributes);
  }

  over(failure: string | undefined): void {
    if (failure !== undefined) this.#span.setStatus({ code: STATUS_ERROR, message: failure });
    this.#span.addEvent('over').end();
  }
}

async function packages() {
  try {
    const [{ BatchSpanProcessor, TracerProvider }, { resourceFromAttributes }, { OTLPTraceExporter }] =
      await Promise.all([
        import('@opentelemetry/sdk-trace'),
        import('@opentelemetry/resources'),
        import('@opentelemetry/exporter-trace-otlp-http'),
      ]);
    return { BatchSpanProcessor, TracerProvider, resourceFromAttributes, OTLPTraceExporter };
  } catch (cause) {
    const advice = `monitoring.traces is set, and its packages are not installed. Run: npm install ${TRACE_PACKAGES.join(' ')}`;
    throw new StreamError('TRACES_UNAVAILABLE', 'machine', advice, cause);
  }
}

/** Says in the log when traces no longer arrive, once, and when they do again. */
function toldExporter(exporter: SpanExporter, shownAs: string, log: Log): SpanExporter {
  let isWell = true;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const wasWell = isWell;
        isWell = result.code === EXPORTED;
        if (isWell && !wasWell) log.info('traces arrive again', { url: shownAs });
        if (!isWell && wasWell) {
          const why = result.error?.message ?? 'it did not say why';
          const { message, code } = new StreamError('TRACES_REFUSED', 'machine', `${shownAs}: ${why}`);
          log.warn(`${message}; the calls are streamed all the same`, { code });
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
