import type { SeatBulletin, SeatStatus } from './seat-bulletin.ts'
import { type DocumentBrowser, fetchSeatStates } from './seat-document.ts'
import type { Chart, SeatPicture } from './seat-picture.ts'
import { openSharedStream, type StreamBrowser, type StreamNews } from './shared-stream.ts'

/** The document is fetched once the stream is open, so that nothing falls between the two; or then at the latest. */
const FETCH_ANYWAY_MS = 400
/** Between two fetches of the document after gaps: everybody meets the same gap at the same moment. Doubles while they fail. */
const REFETCH_SPREAD_MS = 1_500
const REFETCH_SPREAD_MS_MAX = 60_000

export type FollowerBrowser = StreamBrowser & DocumentBrowser
type Deps = { chart: Chart; picture: SeatPicture; bulletin: SeatBulletin; browser: FollowerBrowser }

/**
 * Keeps the picture current from `open` to `close`, once. Waiting: the stream is about to open, nothing was asked.
 * Following: deltas are applied as they come. Fetching: they wait, because the document may be older than they are.
 * Closed: whatever still arrives is for nobody.
 */
export class SeatFollower {
  readonly #deps: Deps
  readonly #performance_id: string
  readonly #url: string
  #isUp = false
  #hasAsked = false
  #isFetching = false
  #isClosed = false
  #failures = 0
  #stopAnyway = () => {}
  #stopWaiting = () => {}
  #closeStream = () => {}

  constructor(performance_id: string, deps: Deps) {
    this.#deps = deps
    this.#performance_id = performance_id
    this.#url = `/api/v1/performances/${encodeURIComponent(performance_id)}/seats`
  }

  open(): void {
    const { browser } = this.#deps
    const hear = (news: StreamNews) => this.#isClosed || this.#hear(news)
    this.#closeStream = openSharedStream(this.#performance_id, `${this.#url}/stream`, hear, browser)
    this.#stopAnyway = browser.after(FETCH_ANYWAY_MS, () => {
      if (!this.#hasAsked) void this.#fetch()
    })
  }

  retry(): void {
    if (this.#isClosed) return
    this.#publish('loading')
    void this.#fetch()
  }

  close(): void {
    this.#isClosed = true
    this.#stopAnyway()
    this.#stopWaiting()
    this.#closeStream()
  }

  #hear(news: StreamNews): void {
    const { picture } = this.#deps
    if (news.kind === 'reset') this.#fetchSoon()
    if (news.kind === 'link') this.#link(news.is_up, news.is_new)
    if (news.kind !== 'delta') return
    picture.add(news.delta)
    if (picture.isKnown && !this.#isFetching) this.#catchUp()
  }

  #link(isUp: boolean, isNew: boolean): void {
    this.#isUp = isUp
    if (this.#deps.picture.isKnown) this.#publish(this.#linkStatus())
    if (isUp && !this.#hasAsked) void this.#fetch()
    else if (isUp && isNew) this.#fetchSoon()
  }

  #catchUp(): void {
    const { picture, bulletin } = this.#deps
    const { changed, has_gap } = picture.catchUp()
    bulletin.publish({ version: picture.version, changed })
    if (has_gap) this.#fetchSoon()
  }

  #fetchSoon(): void {
    const { browser } = this.#deps
    const spread = Math.min(REFETCH_SPREAD_MS * 2 ** this.#failures, REFETCH_SPREAD_MS_MAX)
    this.#stopWaiting()
    this.#stopWaiting = browser.after(browser.random() * spread, () => void this.#fetch())
  }

  async #fetch(): Promise<void> {
    const { chart, picture, browser } = this.#deps
    if (this.#isClosed) return
    // The answer on its way may be older than what made us ask again.
    if (this.#isFetching) return this.#fetchSoon()
    this.#isFetching = true
    this.#hasAsked = true
    try {
      const states = await fetchSeatStates(this.#url, chart, browser)
      if (this.#isClosed) return
      this.#failures = 0
      // An answer from a cache may be older than what the stream told already.
      const changed = states.version < picture.version ? [] : picture.replace(states)
      this.#publish(this.#linkStatus(), changed)
    } catch {
      return this.#fail()
    } finally {
      this.#isFetching = false
    }
    this.#catchUp()
  }

  /** With no picture at all it is for the person to try again; one that is old mends itself. */
  #fail(): void {
    if (this.#isClosed) return
    this.#failures += 1
    this.#publish(this.#deps.picture.isKnown ? 'reconnecting' : 'failed')
    if (this.#deps.picture.isKnown) this.#fetchSoon()
  }

  #linkStatus(): 'live' | 'reconnecting' {
    return this.#isUp ? 'live' : 'reconnecting'
  }

  #publish(status: SeatStatus, changed: readonly number[] | null = []): void {
    const { picture, bulletin } = this.#deps
    bulletin.publish({ status, version: picture.version, changed })
  }
}
