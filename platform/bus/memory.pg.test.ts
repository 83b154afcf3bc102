import { testBusContract } from './contract.fixture.ts'
import { openMemoryTransport } from './memory.fixture.ts'

/** A small generator with a fixed seed (mulberry32), so that failures can be reproduced. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

testBusContract(() => {
  const transport = openMemoryTransport(randomOf(20_261_130))
  return { transport, sell: async (key, n) => transport.publish('shop.sold', key, { n }) }
})
