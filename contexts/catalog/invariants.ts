import { loadSql } from '#platform/db'
import type { Invariant } from '#platform/invariants'

const sql = loadSql(import.meta.url, [
  'keys',
  'tenant_purity',
  'no_orphans',
  'prices_in_one_currency',
  'tiers_sell_what_is_there',
  'published_is_sellable',
  'cancelled_is_off_sale',
  'announced_as_it_stands',
  'nothing_from_the_future',
])

export const invariants: readonly Invariant[] = [
  {
    id: 'I29',
    title: 'Every child belongs to its parent’s organization and venue',
    statement: sql.tenant_purity,
    keys: sql.keys,
  },
  {
    id: 'catalog-1',
    title: 'No chart, event, performance or tier without its parent',
    statement: sql.no_orphans,
    keys: sql.keys,
  },
  {
    id: 'catalog-2',
    title: 'An event’s prices are all in its one currency',
    statement: sql.prices_in_one_currency,
    keys: sql.keys,
  },
  {
    id: 'catalog-3',
    title: 'Tiers sell only categories of their chart',
    statement: sql.tiers_sell_what_is_there,
    keys: sql.keys,
  },
  {
    id: 'catalog-4',
    title: 'Published events have something to sell',
    statement: sql.published_is_sellable,
    keys: sql.keys,
  },
  {
    id: 'catalog-5',
    title: 'Nothing of a cancelled event is on sale',
    statement: sql.cancelled_is_off_sale,
    keys: sql.keys,
  },
  { id: 'catalog-6', title: 'Published tiers were announced', statement: sql.announced_as_it_stands, keys: sql.keys },
  {
    id: 'catalog-7',
    title: 'Nothing in the catalog is dated in the future',
    statement: sql.nothing_from_the_future,
    keys: sql.keys,
  },
]
