/**
 * Traces by OpenTelemetry, through HTTP and SQL, to the exporter that the standard OTEL_* variables name. Loaded only when
 * one is configured: the SDK costs 60 MB and a second of start.
 */
export async function startTracing(): Promise<void> {
  const [{ NodeSDK }, { HttpInstrumentation }, { PgInstrumentation }, { FastifyOtelInstrumentation }] =
    await Promise.all([
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/instrumentation-http'),
      import('@opentelemetry/instrumentation-pg'),
      import('@fastify/otel'),
    ])
  const sdk = new NodeSDK({
    serviceName: 'tessera',
    instrumentations: [
      new HttpInstrumentation(),
      new PgInstrumentation(),
      new FastifyOtelInstrumentation({ registerOnInitialization: true }),
    ],
  })
  sdk.start()
}
