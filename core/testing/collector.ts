import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
  };
}

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string }[];
}

interface SentPoint {
  readonly attributes?: readonly Attribute[];
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly count?: string | number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
}

interface SentMetric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: { readonly dataPoints: readonly SentPoint[] };
  readonly gauge?: { readonly dataPoints: readonly SentPoint[] };
  readonly histogram?: { readonly dataPoints: readonly SentPoint[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly SentPoint[] };
}

interface Resource {
  readonly attributes: readonly Attribute[];
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: Resource;
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

interface Metrics {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly SentMetric[];
    }[];
  }[];
}

type Values = Readonly<Record<string, string | number>>;

export interface Span extends Omit<SentSpan, 'attributes'> {
  readonly service: string;
  readonly attributes: Values;
}

/** One point of a metric as CloudWatch would have it: the library is the dimension `OTelLib`. */
export interface Point {
  readonly metric: string;
  readonly unit: string;
  readonly dimensions: Values;
  /** Of a counter or gauge. */
  readonly value?: number;
  /** Of a histogram. */
  readonly count?: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Where an OpenTelemetry collector would be: what was exported to it as `http/json`. */
export async function startCollector() {
  const traces: string[] = [];
  const measured: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/v1/traces') traces.push(body);
      if (request.url === '/v1/metrics') measured.push(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const spans = () => traces.flatMap((body) => spansOf(JSON.parse(body) as Traces));
  const points = () => measured.flatMap((body) => pointsOf(JSON.parse(body) as Metrics));
  return {
    /** For a process that is to send here, often enough for a test, and as on AWS. */
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_METRIC_EXPORT_INTERVAL: '400',
      OTEL_METRIC_EXPORT_TIMEOUT: '400',
    },
    text: () => [...traces, ...measured].join('\n'),
    spans,
    points,
    /** Waits until what was sent is as it should be. */
    async until<Found>(find: () => Found | undefined | false, what: string): Promise<Found> {
      const deadline = Date.now() + 25_000;
      for (;;) {
        const found = find();
        if (found !== undefined && found !== false) return found;
        if (Date.now() > deadline) throw new Error(`The telemetry never had ${what}.`);
        await sleep(100);
      }
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export type Collector = Awaited<ReturnType<typeof startCollector>>;

function spansOf({ resourceSpans }: Traces): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        service: String(valuesOf(resource.attributes)['service.name']),
        attributes: valuesOf(span.attributes),
      })),
    ),
  );
}

function pointsOf({ resourceMetrics }: Metrics): Point[] {
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.flatMap((metric) => {
        const kinds = [metric.sum, metric.gauge, metric.histogram, metric.exponentialHistogram];
        return kinds.flatMap((kind) =>
          (kind?.dataPoints ?? []).map((point) => toPoint(scope.name, metric, point)),
        );
      }),
    ),
  );
}

function toPoint(library: string, { name, unit = '' }: SentMetric, point: SentPoint): Point {
  const { asInt, asDouble, count, sum, min, max } = point;
  const value = asDouble ?? asInt;
  return {
    metric: name,
    unit,
    dimensions: { OTelLib: library, ...valuesOf(point.attributes ?? []) },
    ...(value !== undefined && { value: Number(value) }),
    ...(count !== undefined && { count: Number(count) }),
    ...(sum !== undefined && { sum }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

function valuesOf(attributes: readonly Attribute[]): Values {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? Number(value.intValue ?? value.doubleValue ?? Number.NaN),
    ]),
  );
}
