import { pino } from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { redactSecrets } from './redact.ts'

export type Log = Pick<import('pino').Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>

export type Telemetry = {
  log: Log
  registry: Registry
  /** The RED metrics of one route: duration by status class, created once so that observing is cheap. */
  route(operation: string): { observe(status: number, seconds: number): void }
  counter(name: string, help: string, labels?: readonly string[]): Counter
  gauge(name: string, help: string, labels?: readonly string[]): Gauge
  histogram(name: string, help: string, buckets: readonly number[], labels?: readonly string[]): Histogram
}

/** Personal data and secrets never reach a log, at any depth of an object. */
const MASKED = [
  'email',
  'password',
  'first_name',
  'last_name',
  'holder',
  'holder_name',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  'secret',
  'client_secret',
  'signature',
  'token',
  'code',
  'order_token',
]
const REDACT = MASKED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** JSON logs on standard output and a Prometheus registry of its own. */
export function createTelemetry(options: { level: string; service: string }): Telemetry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request head to the answer, by operation and status class',
    labelNames: ['operation', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  return {
    log: pino({
      level: options.level,
      base: { service: options.service },
      redact: { paths: REDACT, censor: '[masked]' },
      // Addresses occur in the middle of sentences and stacks, where no path leads.
      hooks: { streamWrite: redactSecrets },
      timestamp: pino.stdTimeFunctions.isoTime,
    }),
    registry,
    route: (operation) => {
      const children = new Map<number, { observe(value: number): void }>()
      return {
        observe: (status, seconds) => {
          const statusClass = Math.floor(status / 100)
          let child = children.get(statusClass)
          if (child === undefined) {
            child = requests.labels(operation, `${statusClass}xx`)
            children.set(statusClass, child)
          }
          child.observe(seconds)
        },
      }
    },
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: [...labels], registers: [registry] }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name, help, buckets: [...buckets], labelNames: [...labels], registers: [registry] }),
  }
}
