/**
 * One stream of seat changes for all tabs of a browser: a browser gives an origin six connections over HTTP/1.1, and a
 * stream holds one for as long as it lives. The tab that holds the lock reads the stream and passes everything on over a
 * channel; when it closes, the lock falls to the next. Without locks or channels every tab reads for itself.
 *
 * The browser's EventSource reconnects by itself and resumes by Last-Event-ID; only when the server refuses (it closes)
 * do we open a new one, ever less often. A new stream does not know what it missed, so its first word says that it is new.
 */
import type { SeatDelta } from '@tessera/contracts/seat-map/seat-state'

export type StreamNews =
  | { kind: 'delta'; delta: SeatDelta }
  /** Fetch the document anew. */
  | { kind: 'reset' }
  /** `is_new`: this stream began just now, what was told before it opened is unknown to it. */
  | { kind: 'link'; is_up: boolean; is_new: boolean }

export type ChannelMessage = StreamNews | { kind: 'ask' }

/** What the browser lends us; named, so that tests can lend their own. */
export type StreamBrowser = {
  openSource: (url: string) => SourceLike
  openChannel: ((name: string) => ChannelLike) | undefined
  /** Calls `lead` once this tab holds the lock, and keeps it until the promise settles. */
  whenLeader: ((name: string, signal: AbortSignal, lead: () => Promise<void>) => void) | undefined
  after: (ms: number, run: () => void) => () => void
  random: () => number
}

export type SourceLike = {
  readonly readyState: number
  addEventListener: (type: string, listener: (event: { data?: unknown }) => void) => void
  close: () => void
}
export type ChannelLike = {
  postMessage: (message: ChannelMessage) => void
  addEventListener: (type: 'message', listener: (event: { data: ChannelMessage }) => void) => void
  close: () => void
}

const CLOSED = 2
const RETRY_FIRST_MS = 1_000
const RETRY_MOST_MS = 30_000

/** Returns what closes it. */
export function openSharedStream(
  performance_id: string,
  url: string,
  onNews: (news: StreamNews) => void,
  browser: StreamBrowser,
): () => void {
  const name = `tessera-seats:${performance_id}`
  if (browser.openChannel === undefined || browser.whenLeader === undefined) return readStream(url, onNews, browser)
  const channel = browser.openChannel(name)
  const leaving = new AbortController()
  let isUp = false
  let isLeader = false
  channel.addEventListener('message', ({ data }) => {
    if (data.kind !== 'ask') onNews(data)
    else if (isLeader) channel.postMessage({ kind: 'link', is_up: isUp, is_new: false })
  })
  channel.postMessage({ kind: 'ask' })
  browser.whenLeader(name, leaving.signal, () => {
    isLeader = true
    const tellAll = (news: StreamNews) => {
      if (news.kind === 'link') isUp = news.is_up
      channel.postMessage(news)
      onNews(news)
    }
    const close = readStream(url, tellAll, browser)
    return new Promise((resolve) => {
      leaving.signal.addEventListener('abort', () => {
        close()
        resolve()
      })
    })
  })
  return () => {
    leaving.abort()
    channel.close()
  }
}

function readStream(url: string, onNews: (news: StreamNews) => void, browser: StreamBrowser): () => void {
  let source: SourceLike | null = null
  let stopWaiting = () => {}
  let failures = 0
  let isClosed = false
  const open = () => {
    const opened = browser.openSource(url)
    let isNew = true
    source = opened
    opened.addEventListener('open', () => {
      failures = 0
      onNews({ kind: 'link', is_up: true, is_new: isNew })
      isNew = false
    })
    opened.addEventListener('seats', ({ data }) => {
      const delta = readDelta(data)
      if (delta !== undefined) onNews({ kind: 'delta', delta })
    })
    opened.addEventListener('reset', () => onNews({ kind: 'reset' }))
    opened.addEventListener('error', () => {
      if (isClosed || opened !== source) return
      onNews({ kind: 'link', is_up: false, is_new: false })
      if (opened.readyState !== CLOSED) return
      failures += 1
      const wait = Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_MOST_MS)
      stopWaiting = browser.after(wait * (0.5 + browser.random()), open)
    })
  }
  open()
  return () => {
    isClosed = true
    stopWaiting()
    source?.close()
  }
}

/** Undefined for anything that is not a delta: a proxy's chatter must not break the map. */
function readDelta(data: unknown): SeatDelta | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const value = JSON.parse(data) as Partial<SeatDelta> | null
    const isDelta = typeof value?.version === 'number' && typeof value.changes === 'object' && value.changes !== null
    return isDelta ? (value as SeatDelta) : undefined
  } catch {
    return undefined
  }
}

/** The browser's own. */
export function thisBrowser(): StreamBrowser {
  return {
    openSource: (url) => new EventSource(url, { withCredentials: true }),
    openChannel: typeof BroadcastChannel === 'undefined' ? undefined : (name) => new BroadcastChannel(name),
    whenLeader:
      typeof navigator.locks === 'undefined'
        ? undefined
        : (name, signal, lead) => {
            // Leaving while still in line rejects, which is what leaving means.
            navigator.locks.request(name, { signal }, lead).catch(() => undefined)
          },
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  }
}
