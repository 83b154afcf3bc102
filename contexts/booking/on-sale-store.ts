import type { Chart } from '@tessera/contracts/seat-map/chart'
import { LRUCache } from 'lru-cache'
import { type Db, loadSql } from '#platform/db'
import type { Claims } from './inventory/availability-cache.ts'
import type { DatabaseClock } from './inventory/database-clock.ts'
import { type OnSale, type SaleChart, type SaleTier, saleChart } from './on-sale.ts'

type PerformanceRow = Omit<OnSale, 'chart' | 'tiers' | 'tierById' | 'tierByNo' | 'end_time_ms'> & {
  chart_id: string | null
  end_time: string
  db_now: string
}
type TierRow = Omit<SaleTier, 'categories' | 'sale_start_ms' | 'sale_end_ms'> & {
  categories: string[] | null
  sale_start: string
  sale_end: string
}

const sql = loadSql(import.meta.url, ['performance', 'performance_by_no', 'newest', 'tiers', 'chart', 'claims'])

/** Maximum age of a copy in case another process changed it and its signal was lost. */
const FRESH_MS = 10_000
const PERFORMANCES_MAX = 2_000
const CHARTS_MAX = 100
/** Small, and cached for more performances than the copies themselves. */
const IDS_MAX = 20_000

/**
 * Caches booking's copies of performances on sale. `get` returns a fresh copy synchronously; `load` reads and caches.
 * Charts are immutable and shared. Changes call `forget`.
 */
export class OnSaleStore {
  readonly #db: Db
  readonly #sales = new LRUCache<string, { sale: OnSale; loaded_at_ms: number }>({ max: PERFORMANCES_MAX })
  readonly #charts = new LRUCache<string, Promise<SaleChart>>({ max: CHARTS_MAX })
  readonly #loading = new Map<string, Promise<OnSale | undefined>>()
  readonly #id_by_no = new LRUCache<number, string>({ max: IDS_MAX })

  readonly #clock: DatabaseClock

  constructor(db: Db, clock: DatabaseClock) {
    this.#db = db
    this.#clock = clock
  }

  get(performance_id: string): OnSale | undefined {
    const known = this.#sales.get(performance_id)
    if (known === undefined || performance.now() - known.loaded_at_ms > FRESH_MS) return undefined
    return known.sale
  }

  async load(performance_id: string): Promise<OnSale | undefined> {
    const known = this.get(performance_id)
    if (known !== undefined) return known
    const running = this.#loading.get(performance_id)
    if (running !== undefined) return running
    const loading: Promise<OnSale | undefined> = this.#read(
      performance_id,
      () => this.#loading.get(performance_id) === loading,
    ).finally(() => {
      if (this.#loading.get(performance_id) === loading) this.#loading.delete(performance_id)
    })
    this.#loading.set(performance_id, loading)
    return loading
  }

  /** False, and evicted, when the database has a newer publication or a cancellation. */
  async isNewest(sale: OnSale): Promise<boolean> {
    const newest = await this.#db.one<{ revision: number; status: string }>(sql.newest, sale)
    if (newest.revision === sale.revision && newest.status === sale.status) return true
    this.forget(sale.performance_id)
    return false
  }

  async loadByNo(performance_no: number): Promise<OnSale> {
    const known = this.#id_by_no.get(performance_no)
    const performance_id =
      known ??
      (await this.#db.one<{ performance_id: string }>(sql.performance_by_no, { performance_no })).performance_id
    const sale = await this.load(performance_id)
    if (sale === undefined) throw new Error(`Performance ${performance_no} has claims but is not known`)
    return sale
  }

  /** The cached copy, however old: for use inside a transaction, which must not wait for a read. */
  kept(performance_no: number): OnSale | undefined {
    return this.#sales.get(this.#id_by_no.get(performance_no) ?? '')?.sale
  }

  /** Reads again, ignoring the cache. */
  reload(performance_no: number): Promise<OnSale> {
    this.forget(this.#id_by_no.get(performance_no) ?? '')
    return this.loadByNo(performance_no)
  }

  /** Evicts the copy; a read in progress may be older and is not cached. */
  forget(performance_id: string): void {
    this.#sales.delete(performance_id)
    this.#loading.delete(performance_id)
  }

  /** For the availability cache. */
  claims(performance_no: number): Promise<Claims[]> {
    return this.#db.many<Claims>(sql.claims, { performance_no })
  }

  async #read(performance_id: string, isCurrent: () => boolean): Promise<OnSale | undefined> {
    const loaded_at_ms = performance.now()
    const row = await this.#db.maybe<PerformanceRow>(sql.performance, { performance_id })
    if (row === undefined) return undefined
    const { chart_id, db_now, end_time, ...facts } = row
    this.#clock.observe(Date.parse(db_now), loaded_at_ms)
    const chart = chart_id === null ? null : await this.#chart(chart_id)
    const tiers = (await this.#db.many<TierRow>(sql.tiers, { performance_no: row.performance_no })).map((tier) =>
      saleTier(tier, chart),
    )
    const sale: OnSale = {
      ...facts,
      end_time_ms: Date.parse(end_time),
      chart,
      tiers,
      tierById: new Map(tiers.map((tier) => [tier.tier_id, tier])),
      tierByNo: new Map(tiers.map((tier) => [tier.tier_no, tier])),
    }
    this.#id_by_no.set(row.performance_no, performance_id)
    if (isCurrent()) this.#sales.set(performance_id, { sale, loaded_at_ms })
    return sale
  }

  #chart(chart_id: string): Promise<SaleChart> {
    const known = this.#charts.get(chart_id)
    if (known !== undefined) return known
    const loading = this.#db.one<{ chart: Chart }>(sql.chart, { chart_id }).then((row) => saleChart(row.chart))
    loading.catch(() => this.#charts.delete(chart_id))
    this.#charts.set(chart_id, loading)
    return loading
  }
}

function saleTier(row: TierRow, chart: SaleChart | null): SaleTier {
  const { categories, sale_start, sale_end, ...facts } = row
  const names = chart?.chart.categories.map((category) => category.name) ?? []
  return {
    ...facts,
    categories:
      categories === null ? null : new Set(categories.map((name) => names.indexOf(name)).filter((n) => n >= 0)),
    sale_start_ms: Date.parse(sale_start),
    sale_end_ms: Date.parse(sale_end),
  }
}
