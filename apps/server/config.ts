import { ConfigError, flag, readConfig, text, url, type Variable, whole } from '#platform/config'
import { parseNetwork, type TrustedProxies } from '#platform/http'
import type { ContextConfigs } from './contexts.ts'
import { movesMoney, paymentProviders, paymentVariables } from './payment-settings.ts'

/** Every setting of the server. The table in docs/configuration.md is generated from this one. */
export const variables = {
  port: whole({ name: 'PORT', meaning: 'The one origin: web app and API', default: 3000 }, 0, 65_535),
  host: text({
    name: 'HOST',
    meaning: 'The address to listen on',
    default: null,
    default_text: 'all addresses; 127.0.0.1 with a public origin, for the proxy in front',
  }),
  public_origin: url({
    name: 'TESSERA_PUBLIC_ORIGIN',
    meaning: 'The origin that browsers see, when a proxy stands in front',
    default: null,
    default_text: 'http://localhost:PORT',
  }),
  database_url: url({
    name: 'DATABASE_URL',
    meaning: 'PostgreSQL 18; absent: the embedded one',
    default: null,
    default_text: 'embedded PostgreSQL',
    secret: true,
  }),
  database_direct_url: url({
    name: 'DATABASE_DIRECT_URL',
    meaning: 'PostgreSQL itself, when DATABASE_URL is a pooler in transaction mode (PgBouncer)',
    default: null,
    default_text: 'DATABASE_URL',
    secret: true,
  }),
  database_connections: whole(
    {
      name: 'TESSERA_DATABASE_CONNECTIONS',
      meaning: 'Connections to PostgreSQL that the server processes of this machine may open together',
      default: null,
      default_text: 'a share of what PostgreSQL allows',
    },
    1,
    10_000,
  ),
  data_dir: text({
    name: 'TESSERA_DATA_DIR',
    meaning: 'Embedded database, the sandbox’s state and the installation secret',
    default: './.tessera',
  }),
  secret: text({
    name: 'TESSERA_SECRET',
    meaning: 'The installation secret, base64url, 32 bytes or more; the same on every node',
    default: null,
    default_text: 'made once, kept in the data directory',
    secret: true,
  }),
  demo: flag({
    name: 'TESSERA_DEMO',
    meaning: 'Load demo data into an empty database',
    default: false,
    default_text: '1 under npm start',
  }),
  processes: whole({ name: 'TESSERA_PROCESSES', meaning: 'Server processes on the port', default: 1 }, 1, 64),
  hold_seconds: whole({ name: 'TESSERA_HOLD_SECONDS', meaning: 'Life of a hold', default: 300 }, 1, 86_400),
  rate_limits: flag({
    name: 'TESSERA_RATE_LIMITS',
    meaning:
      'off for load tests: no limits on requests, holds, payments, streams and new accounts, per person or address',
    default: true,
  }),
  ...paymentVariables,
  web_origin: url({
    name: 'TESSERA_WEB_ORIGIN',
    meaning: 'The address of the web process',
    default: null,
    default_text: 'set by npm start',
  }),
  log_level: text({ name: 'TESSERA_LOG_LEVEL', meaning: 'debug, info, warn or error', default: 'warn' }),
  trusted_proxies: proxies({
    name: 'TESSERA_TRUST_PROXY',
    meaning: 'Your own proxies, whose X-Forwarded-For is trusted: their number, or their networks (`10.0.0.0/8,::1`)',
    default: { hops: 0 },
    default_text: '0',
  }),
  metrics: flag({
    name: 'TESSERA_METRICS',
    meaning: 'Serve `/metrics`',
    default: null,
    default_text: 'on; off with a public origin',
  }),
  docs: flag({
    name: 'TESSERA_DOCS',
    meaning: 'Serve `/docs`',
    default: null,
    default_text: 'on; off with a public origin',
  }),
  organizations: choice({
    name: 'TESSERA_ORGANIZATIONS',
    meaning: '`open`: founders of an organization may publish at once; `approval`: an admin approves it first',
    default: null,
    default_text: '`open`; `approval` with a public origin',
  }),
  organization_venues: whole(
    { name: 'TESSERA_ORGANIZATION_VENUES', meaning: 'Venues that one organization may have', default: 1_000 },
    1,
    1_000_000,
  ),
  organization_charts: whole(
    { name: 'TESSERA_ORGANIZATION_CHARTS', meaning: 'Seating charts that one organization may have', default: 2_000 },
    1,
    1_000_000,
  ),
  organization_events: whole(
    { name: 'TESSERA_ORGANIZATION_EVENTS', meaning: 'Events that one organization may have', default: 20_000 },
    1,
    1_000_000,
  ),
  organization_chart_mb: whole(
    {
      name: 'TESSERA_ORGANIZATION_CHART_MB',
      meaning: 'MB that the charts of one organization may take in the database, compressed',
      default: 2_048,
    },
    1,
    1_000_000,
  ),
  node_env: text({
    name: 'NODE_ENV',
    meaning: '`production` keeps demo data out and wants a payment provider',
    default: null,
  }),
  otlp_endpoint: url({
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    meaning: 'The OTLP endpoint for traces; absent: no tracing',
    default: null,
  }),
}

export type Settings = ReturnType<typeof readSettings>

export function readSettings(env: Readonly<Record<string, string | undefined>>) {
  return readConfig(variables, env)
}

type Organizations = 'open' | 'approval'

function choice(facts: Omit<Variable<Organizations | null>, 'parse'>): Variable<Organizations | null> {
  return {
    ...facts,
    parse: (given) =>
      given === 'open' || given === 'approval' ? { value: given } : { wrong: 'is neither open nor approval' },
  }
}

/** The number of proxies in front, or their networks in CIDR notation, separated by commas. */
function proxies(facts: Omit<Variable<TrustedProxies>, 'parse'>): Variable<TrustedProxies> {
  return {
    ...facts,
    parse: (given) => {
      if (/^(?:off|\d)$/i.test(given)) return { value: { hops: Number(given) || 0 } }
      const networks = given.split(',').map((network) => network.trim())
      try {
        for (const network of networks) parseNetwork(network)
        return { value: { networks } }
      } catch {
        return { wrong: 'is neither a number of proxies nor a list of networks such as 10.0.0.0/8,192.0.2.1' }
      }
    },
  }
}

/** True when other machines can reach this installation. An origin on this machine is for development. */
export function isPublic(settings: Pick<Settings, 'public_origin'>): boolean {
  if (settings.public_origin === null) return false
  return !/^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(settings.public_origin).hostname)
}

/** True when a new organization awaits an admin's approval before it may publish. */
export function organizationsWait(settings: Pick<Settings, 'organizations' | 'public_origin'>): boolean {
  return (settings.organizations ?? (isPublic(settings) ? 'approval' : 'open')) === 'approval'
}

/** True when real buyers may use this installation. Demo accounts, whose password is public, must not exist then. */
export function isProduction(settings: Settings): boolean {
  return isPublic(settings) || settings.node_env === 'production' || movesMoney(settings)
}

/** The address to listen on. With a public origin only the proxy connects to it. */
export function listenHost(settings: Settings): string {
  return settings.host ?? (isPublic(settings) ? '127.0.0.1' : '::')
}

/** The one origin that browsers see. */
export function publicOrigin(settings: Pick<Settings, 'public_origin' | 'port'>): string {
  return settings.public_origin ?? `http://localhost:${settings.port}`
}

/** `iss` of our access tokens, independent of this process's port. */
export function tokenIssuer(settings: Pick<Settings, 'public_origin'>): string {
  return settings.public_origin ?? 'http://localhost'
}

/** Each context's slice of the settings. `several` is read at each use: another process may join at any time. */
export function contextConfigs(settings: Settings, several: () => boolean): ContextConfigs {
  const public_origin = publicOrigin(settings)
  return {
    identity: {
      public_origin,
      direct_members: !isPublic(settings),
      token_issuer: tokenIssuer(settings),
      rate_limits: settings.rate_limits,
      organizations_wait: organizationsWait(settings),
    },
    catalog: {
      organization_limits: {
        venues: settings.organization_venues,
        charts: settings.organization_charts,
        events: settings.organization_events,
        chart_bytes: settings.organization_chart_mb * 1_048_576,
      },
      get several_processes() {
        return several()
      },
    },
    booking: {
      public_origin,
      hold_seconds: settings.hold_seconds,
      rate_limits: settings.rate_limits,
      get several_processes() {
        return several()
      },
    },
    payment: {
      public_origin,
      rate_limits: settings.rate_limits,
      payment_providers: paymentProviders(settings),
    },
    ticketing: { public_origin },
    checkin: null,
    realtime: null,
  }
}

/** The database's URL; throws a ConfigError when missing, because this process starts no database. */
export function databaseUrlOf(settings: Settings): string {
  if (settings.database_url === null)
    throw new ConfigError(
      'DATABASE_URL is not set. `npm start` brings a PostgreSQL of its own; this process wants one given.',
    )
  return settings.database_url
}

/** PostgreSQL itself, for work that needs a session: migrations, locks, notifications, jobs. */
export function directUrlOf(settings: Settings): string {
  return settings.database_direct_url ?? databaseUrlOf(settings)
}
