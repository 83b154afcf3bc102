import { encodeSeatStates, packSeats, type SeatState } from '@tessera/contracts/seat-map/seat-state'
import { describe, expect, test } from 'vitest'
import { createSeatStateStore, type StoreBrowser } from './seat-state-store.ts'
import type { ChannelLike, ChannelMessage, SourceLike } from './shared-stream.ts'

const chart = { count: 4, number_of: new Map(['A-1', 'A-2', 'A-3', 'A-4'].map((id, n) => [id, n])) }
const SEATS = '/api/v1/performances/perf_1/seats'

/** A stream that the test speaks on. */
class TestSource implements SourceLike {
  readyState = 0
  readonly #listeners = new Map<string, ((event: { data?: unknown }) => void)[]>()
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }
  say(type: string, data?: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data })
  }
  delta(version: number, changes: Record<string, SeatState>, more: object = {}): void {
    this.say('seats', JSON.stringify({ version, changes, ...more }))
  }
  open(): void {
    this.readyState = 1
    this.say('open')
  }
  refuse(): void {
    this.readyState = 2
    this.say('error')
  }
  close(): void {
    this.readyState = 2
  }
}

type Doc = { version: number; seats: Record<string, SeatState> }
type Served = Doc | Promise<Doc> | 'down'

/** What tabs of one browser share: a channel that carries to the others, and a lock that falls to the next in line. */
function tabs() {
  const members: { tab: object; hear: (event: { data: ChannelMessage }) => void }[] = []
  const line: { signal: AbortSignal; lead: () => Promise<void> }[] = []
  let isHeld = false
  const nextLeader = () => {
    if (isHeld) return
    const next = line.shift()
    if (next === undefined) return
    if (next.signal.aborted) return nextLeader()
    isHeld = true
    void next.lead().then(() => {
      isHeld = false
      nextLeader()
    })
  }
  return {
    openChannel: (): ChannelLike => {
      const tab = {}
      return {
        postMessage: (data) => members.filter((member) => member.tab !== tab).forEach(({ hear }) => hear({ data })),
        addEventListener: (_, hear) => members.push({ tab, hear }),
        close: () =>
          members.splice(
            members.findIndex((member) => member.tab === tab),
            1,
          ),
      }
    },
    whenLeader: (_: string, signal: AbortSignal, lead: () => Promise<void>) => {
      line.push({ signal, lead })
      nextLeader()
    },
  }
}

/** One browser: tabs of it share channel and lock. Time stands still until `settle`. */
function fakeBrowser(firstDocument: Served, options: { isShared?: boolean; isBinary?: boolean } = {}) {
  const sources: TestSource[] = []
  const timers = new Set<() => void>()
  const shared = options.isShared ? tabs() : { openChannel: undefined, whenLeader: undefined }
  let document = firstDocument
  let fetches = 0
  const browser: StoreBrowser = {
    ...shared,
    openSource: (url) => {
      expect(url).toBe(`${SEATS}/stream`)
      const source = new TestSource()
      sources.push(source)
      return source
    },
    after: (_, run) => {
      timers.add(run)
      return () => timers.delete(run)
    },
    random: () => 0.5,
    nextFrame: (run) => timers.add(run),
    fetch: async () => {
      fetches += 1
      const served = await document
      if (served === 'down') throw new TypeError('no network')
      if (!options.isBinary) return Response.json(served)
      const packed = packSeats(chart.count, served.version, served.seats, (id) => chart.number_of.get(id))
      return new Response(encodeSeatStates(packed), { headers: { 'content-type': 'application/vnd.tessera.seats' } })
    },
  }
  return {
    sources,
    fetches: () => fetches,
    serve: (next: Served) => {
      document = next
    },
    tab: () => createSeatStateStore('perf_1', chart, browser),
    /** The stream last opened is accepted by the server. */
    connect: () => sources.at(-1)?.open(),
    /** Lets every promise and timer that is due run out. */
    settle: async () => {
      for (let round = 0; round < 8; round += 1) {
        await new Promise((resolve) => setImmediate(resolve))
        const due = [...timers]
        timers.clear()
        for (const run of due) run()
      }
    },
  }
}

const stateOf = (store: ReturnType<ReturnType<typeof fakeBrowser>['tab']>) =>
  [...chart.number_of.keys()].map((id) => store.stateOf(id))

describe.each([{ isBinary: false }, { isBinary: true }])('the store, %j', (options) => {
  test('shows the document, then what the stream tells', async () => {
    const browser = fakeBrowser({ version: 5, seats: { 'A-2': 'sold' } }, options)
    const store = browser.tab()
    const told: (readonly number[] | null)[] = []
    store.onChange((changed) => told.push(changed))
    expect(store.getSnapshot().status).toBe('loading')
    expect(store.stateOf('A-1')).toBe('blocked')
    store.open()
    browser.connect()
    await browser.settle()
    expect(store.getSnapshot()).toMatchObject({ status: 'live', version: 5 })
    browser.sources[0]?.delta(6, { 'A-1': 'held' })
    browser.sources[0]?.delta(7, { 'A-3': 'blocked', 'A-1': 'available' })
    await browser.settle()
    expect(stateOf(store)).toEqual(['available', 'sold', 'blocked', 'available'])
    expect(told).toEqual([null, [0, 2]])
  })
})

test('what the stream says before the document is here is not lost', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  browser.sources[0]?.delta(5, { 'A-4': 'sold' })
  browser.sources[0]?.delta(6, { 'A-1': 'held' })
  await browser.settle()
  expect(stateOf(store)).toEqual(['held', 'available', 'available', 'available'])
  expect(browser.fetches()).toBe(1)
})

test('a missing version fetches the document anew', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  browser.serve({ version: 8, seats: { 'A-1': 'sold', 'A-2': 'held' } })
  browser.sources[0]?.delta(8, { 'A-2': 'held' })
  await browser.settle()
  expect(stateOf(store)).toEqual(['sold', 'held', 'available', 'available'])
  expect(browser.fetches()).toBe(2)
})

test('versions melted into one delta are no gap', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  browser.sources[0]?.delta(9, { 'A-2': 'held' }, { previous: 5 })
  await browser.settle()
  expect(store.getSnapshot().version).toBe(9)
  expect(browser.fetches()).toBe(1)
})

test('a reset fetches, and an older answer from a cache takes nothing back', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  browser.sources[0]?.delta(6, { 'A-1': 'sold' })
  browser.sources[0]?.say('reset')
  await browser.settle()
  expect(browser.fetches()).toBe(2)
  expect(store.stateOf('A-1')).toBe('sold')
})

test('no document: failed, and a retry mends it', async () => {
  const browser = fakeBrowser('down')
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  expect(store.getSnapshot().status).toBe('failed')
  browser.serve({ version: 1, seats: {} })
  store.retry()
  await browser.settle()
  expect(store.getSnapshot().status).toBe('live')
})

test('a document that could not be fetched anew is asked for until it comes', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  browser.serve('down')
  browser.sources[0]?.say('reset')
  await browser.settle()
  expect(store.getSnapshot()).toMatchObject({ status: 'reconnecting', version: 5 })
  browser.serve({ version: 6, seats: { 'A-1': 'sold' } })
  await browser.settle()
  expect(store.getSnapshot()).toMatchObject({ status: 'live', version: 6 })
  expect(store.stateOf('A-1')).toBe('sold')
})

test('a stream that opens while an older document is on its way has it fetched once more', async () => {
  const first = Promise.withResolvers<Doc>()
  const browser = fakeBrowser(first.promise)
  const store = browser.tab()
  store.open()
  await browser.settle()
  browser.connect()
  await browser.settle()
  browser.serve({ version: 6, seats: { 'A-1': 'sold' } })
  first.resolve({ version: 5, seats: {} })
  await browser.settle()
  expect(store.stateOf('A-1')).toBe('sold')
  expect(browser.fetches()).toBe(2)
})

test('a refused stream is opened again, and then the document is fetched', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  browser.sources[0]?.refuse()
  expect(store.getSnapshot().status).toBe('reconnecting')
  browser.serve({ version: 6, seats: { 'A-1': 'held' } })
  await browser.settle()
  expect(browser.sources).toHaveLength(2)
  browser.connect()
  await browser.settle()
  expect(store.getSnapshot().status).toBe('live')
  expect(store.stateOf('A-1')).toBe('held')
})

test('without a stream the picture comes all the same, and says that it may be old', async () => {
  const browser = fakeBrowser({ version: 5, seats: { 'A-1': 'sold' } })
  const store = browser.tab()
  store.open()
  await browser.settle()
  expect(store.getSnapshot()).toMatchObject({ status: 'reconnecting', version: 5 })
})

test('a stream that resumes by itself costs no fetch', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  browser.sources[0]?.say('error')
  expect(store.getSnapshot().status).toBe('reconnecting')
  browser.connect()
  await browser.settle()
  expect(store.getSnapshot().status).toBe('live')
  expect(browser.fetches()).toBe(1)
})

test('a tab that comes later learns that the stream is up', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} }, { isShared: true })
  browser.tab().open()
  browser.connect()
  await browser.settle()
  const late = browser.tab()
  late.open()
  await browser.settle()
  expect(late.getSnapshot().status).toBe('live')
  expect(browser.sources).toHaveLength(1)
})

test('nonsense on the stream is passed over', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()
  browser.connect()
  await browser.settle()
  for (const data of ['{', 'null', '7', '{"version":"x"}', undefined]) browser.sources[0]?.say('seats', data)
  browser.sources[0]?.delta(6, { 'Z-99': 'sold', 'A-1': 'sold' })
  await browser.settle()
  expect(store.stateOf('A-1')).toBe('sold')
})

test('a closed store hears nothing more, and can be opened again', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} })
  const store = browser.tab()
  store.open()()
  browser.sources[0]?.delta(6, { 'A-1': 'sold' })
  await browser.settle()
  expect(store.getSnapshot().status).toBe('loading')
  expect(browser.sources[0]?.readyState).toBe(2)
  store.open()
  browser.connect()
  await browser.settle()
  expect(store.getSnapshot().status).toBe('live')
})

test('two tabs share one stream; when the first closes, the second takes over', async () => {
  const browser = fakeBrowser({ version: 5, seats: {} }, { isShared: true })
  const [one, two] = [browser.tab(), browser.tab()]
  const closeOne = one.open()
  two.open()
  browser.connect()
  await browser.settle()
  expect(browser.sources).toHaveLength(1)
  browser.sources[0]?.delta(6, { 'A-1': 'held' })
  await browser.settle()
  expect([one.stateOf('A-1'), two.stateOf('A-1')]).toEqual(['held', 'held'])
  closeOne()
  await browser.settle()
  expect(browser.sources).toHaveLength(2)
  browser.serve({ version: 7, seats: { 'A-1': 'sold', 'A-2': 'sold' } })
  browser.connect()
  await browser.settle()
  expect(two.getSnapshot()).toMatchObject({ status: 'live', version: 7 })
  expect(stateOf(two)).toEqual(['sold', 'sold', 'available', 'available'])
})
