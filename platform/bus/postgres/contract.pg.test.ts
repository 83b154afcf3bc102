import { testBusContract } from '../contract.fixture.ts'
import { publisher } from '../publish.ts'
import { openPostgresTransport } from './outbox-feed.ts'

const publish = publisher<{ 'shop.sold': { n: number } }>()

testBusContract(({ shop, relay }) => ({
  transport: openPostgresTransport(relay),
  sell: (key, n) => shop.transaction((tx) => publish(tx, 'shop.sold', key, { n })),
}))
