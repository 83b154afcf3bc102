/**
 * Traces by OpenTelemetry, through HTTP and SQL, sent as OTLP over HTTP to where the standard OTEL_* variables say; secrets in
 * addresses are redacted before. Loaded only when an endpoint is configured: the SDK costs 60 MB and a second of start.
 */
export async function startTracing(): Promise<void> {
  const [
    { NodeSDK },
    { BatchSpanProcessor },
    { OTLPTraceExporter },
    { HttpInstrumentation },
    { PgInstrumentation },
    { FastifyOtelInstrumentation },
    { redactSpans },
  ] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-pg'),
    import('@fastify/otel'),
    import('./redact-spans.ts'),
  ])
  const sdk = new NodeSDK({
    serviceName: 'tessera',
    spanProcessors: [new BatchSpanProcessor(redactSpans(new OTLPTraceExporter()))],
    instrumentations: [
      new HttpInstrumentation(),
      new PgInstrumentation(),
      new FastifyOtelInstrumentation({ registerOnInitialization: true }),
    ],
  })
  sdk.start()
}
