export { createTelemetry, type Log, type Telemetry } from './telemetry.ts'
export { currentTraceparent, runInTrace } from './trace.ts'
export { startTracing } from './tracing.ts'
