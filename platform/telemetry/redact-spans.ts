import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { redactSecrets } from './redact.ts'

/** Exports spans only after every text in them has been redacted, whichever instrumentation wrote it. */
export function redactSpans(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => {
      for (const span of spans) redact(span)
      exporter.export(spans, done)
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

function redact(span: ReadableSpan): void {
  redactAttributes(span.attributes)
  for (const event of span.events) redactAttributes(event.attributes)
  for (const link of span.links) redactAttributes(link.attributes)
  if (span.status.message !== undefined) span.status.message = redactSecrets(span.status.message)
}

function redactAttributes(attributes: Attributes | undefined): void {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (attributes === undefined) continue
    if (typeof value === 'string') attributes[name] = redactSecrets(value)
    else if (Array.isArray(value))
      attributes[name] = value.map((one) => (typeof one === 'string' ? redactSecrets(one) : one)) as typeof value
  }
}
