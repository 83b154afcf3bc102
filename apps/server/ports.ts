import { freePort, portIsFree } from './embedded-postgres/index.ts'
import { namesProvider } from './payment-settings.ts'

/** The ports of the product's parts. `sandbox` is null when a real payment provider is configured. */
export type Ports = { server: number; web: number; sandbox: number | null }

/** Why it cannot start, in words for the person at the terminal. */
export type Refusal = { kind: 'refused'; reason: string }

type Env = Readonly<Record<string, string | undefined>>

const PORT_DEFAULT = 3000
const SANDBOX_PORT_DEFAULT = 3010

/** Chosen before anything is started: a port in use is the most common reason why a start fails. */
export async function choosePorts(env: Env): Promise<Ports | Refusal> {
  const server = portFrom(env, 'PORT', PORT_DEFAULT)
  if (typeof server !== 'number') return server
  if (!(await portIsFree(server))) {
    return refused(
      `Port ${server} is taken by another program. Stop that one, or choose another port: PORT=${server + 100} npm start`,
    )
  }
  const sandbox = await sandboxPort(env)
  if (sandbox !== null && typeof sandbox !== 'number') return sandbox
  return { server, sandbox, web: await freePort() }
}

/** The sandbox stands in for a payment provider unless one is given. Another port is used when its default one is taken. */
async function sandboxPort(env: Env): Promise<number | null | Refusal> {
  if (namesProvider(env)) return null
  const port = portFrom(env, 'TESSERA_SANDBOX_PORT', SANDBOX_PORT_DEFAULT)
  if (typeof port !== 'number' || (await portIsFree(port))) return port
  if (!env['TESSERA_SANDBOX_PORT']) return freePort()
  return refused(`Port ${port}, given in TESSERA_SANDBOX_PORT for the payment sandbox, is taken by another program.`)
}

function portFrom(env: Env, name: string, fallback: number): number | Refusal {
  const text = env[name] || String(fallback)
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536
    ? port
    : refused(`${name}=${text} is not a port number (1 to 65535).`)
}

export function refused(reason: string): Refusal {
  return { kind: 'refused', reason }
}
