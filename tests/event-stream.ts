/** One message of a server-sent stream. */
export type Message = { event: string; id: string | null; data: string }

export type EventStream = AsyncDisposable & {
  /** The next message that this is true of; messages before it are gone. Fails when none comes in time. */
  next(wanted?: (message: Message) => boolean): Promise<Message>
}

const NEXT_MS_MAX = 5_000

/** Reads a server-sent stream as a browser would, over a connection of its own. */
export async function openStream(
  url: string,
  headers: Record<string, string> = {},
  next_ms_max = NEXT_MS_MAX,
): Promise<EventStream> {
  const closing = new AbortController()
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: closing.signal })
  if (response.status !== 200 || response.body === null) throw new Error(`${url} answered ${response.status}`)
  const messages = read(response.body)
  return {
    next: async (wanted = () => true) => {
      const late = setTimeout(() => closing.abort(new Error('The message did not come in time')), next_ms_max)
      try {
        for (;;) {
          const { value, done } = await messages.next()
          if (done === true) throw new Error('The stream ended')
          if (wanted(value)) return value
        }
      } finally {
        clearTimeout(late)
      }
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort()
      await messages.return(undefined).catch(() => undefined)
    },
  }
}

async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<Message, undefined, undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
      )
      const data = fields.get('data')
      if (data !== undefined) yield { event: fields.get('event') ?? 'message', id: fields.get('id') ?? null, data }
    }
  }
  return undefined
}
