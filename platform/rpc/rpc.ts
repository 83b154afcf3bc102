/** Typed clients by context name. A call fails after its deadline, or when that context does not run here. */
export type RpcClients<Contexts> = Readonly<Contexts>

export type RpcRegistry<Contexts> = {
  clients: RpcClients<Contexts>
  serve<Name extends keyof Contexts>(name: Name, handlers: Contexts[Name]): void
}

const DEADLINE_MS = 3_000

/**
 * In-process transport: a client calls the other context's handlers under a deadline. Clients may be created before
 * their context serves; a call to an absent context throws `RpcUnavailable`.
 */
export function createRpc<Contexts extends object>(deadline_ms = DEADLINE_MS): RpcRegistry<Contexts> {
  const served = new Map<PropertyKey, Record<string, (input: unknown) => Promise<unknown>>>()
  const clientOf = (context: PropertyKey): object =>
    new Proxy(
      {},
      {
        get: (_target, method) => async (input: unknown) => {
          const handler = typeof method === 'string' ? served.get(context)?.[method] : undefined
          if (handler === undefined)
            throw new RpcUnavailableError(`${String(context)}.${String(method)} is not served here`)
          return withDeadline(handler(input), deadline_ms, `${String(context)}.${String(method)}`)
        },
      },
    )
  const clients = new Map<PropertyKey, object>()
  return {
    clients: new Proxy({} as Contexts & object, {
      get: (_target, context) => {
        const known = clients.get(context) ?? clientOf(context)
        clients.set(context, known)
        return known
      },
    }),
    serve: (name, handlers) => {
      served.set(name, handlers as Record<string, (input: unknown) => Promise<unknown>>)
    },
  }
}

export class RpcUnavailableError extends Error {
  override name = 'RpcUnavailableError'
}

async function withDeadline<T>(work: Promise<T>, deadline_ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new RpcUnavailableError(`${what} gave no answer in ${deadline_ms} ms`)),
      deadline_ms,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
