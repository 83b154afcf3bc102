import { variables } from './config.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Variables that every program needs, none of them a setting or secret. */
const SYSTEM = new Set([
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
])
const SERVER = new Set(Object.values(variables).map((variable) => variable.name))
const WEB = new Set(['TESSERA_PUBLIC_ORIGIN', 'TESSERA_WEB_DEV'])

/**
 * Each part of the product gets the variables that it reads and no others, so that one compromised part exposes no
 * other's secrets.
 */
export const environmentOf = {
  system: (env: Env) => pick(env, (name) => SYSTEM.has(name)),
  server: (env: Env) => pick(env, (name) => SYSTEM.has(name) || SERVER.has(name) || name.startsWith('OTEL_')),
  web: (env: Env) => pick(env, (name) => SYSTEM.has(name) || WEB.has(name)),
  sandbox: (env: Env) => pick(env, (name) => SYSTEM.has(name) || name.startsWith('TESSERA_SANDBOX_')),
}

function pick(env: Env, wanted: (name: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value !== undefined && wanted(name)) picked[name] = value
  return picked
}
