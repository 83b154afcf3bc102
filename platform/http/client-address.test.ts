import { expect, test } from 'vitest'
import { proxyTrust, sourcesOf } from './client-address.ts'

test.each([
  ['203.0.113.9', ['203.0.113.9']],
  ['::ffff:203.0.113.9', ['203.0.113.9']],
  ['2001:db8:1:2:3:4:5:6', ['2001:db8:1:2::/64', '2001:db8:1::/48']],
  ['2001:0DB8:0001:0002::1', ['2001:db8:1:2::/64', '2001:db8:1::/48']],
  ['2001:db8::1', ['2001:db8::/64', '2001:db8::/48']],
  ['::1', ['::/64', '::/48']],
  ['fe80::1%eth0', ['fe80::/64', 'fe80::/48']],
  ['no address', ['unknown']],
])('%s counts as %j', (ip, sources) => {
  expect(sourcesOf(ip).map(({ source }) => source)).toEqual(sources)
})

test.each([
  [{ hops: 0 }, '127.0.0.1', 0, false],
  [{ hops: 1 }, '203.0.113.9', 0, true],
  [{ hops: 1 }, '10.0.0.1', 1, false],
  [{ networks: [] }, '127.0.0.1', 0, false],
  [{ networks: ['10.0.0.0/8'] }, '10.9.8.7', 0, true],
  [{ networks: ['10.0.0.0/8'] }, '::ffff:10.9.8.7', 0, true],
  [{ networks: ['10.0.0.0/8'] }, '11.0.0.1', 0, false],
  [{ networks: ['10.0.0.0/8'] }, 'unknown', 0, false],
  [{ networks: ['2001:db8::/32', '192.0.2.1'] }, '192.0.2.1', 3, true],
  [{ networks: ['2001:db8::/32', '192.0.2.1'] }, '2001:db8:ff::1', 0, true],
  [{ networks: ['2001:db8::/32', '192.0.2.1'] }, '192.0.2.2', 0, false],
])('of %j the proxy %s at hop %i: %s', (proxies, address, hop, trusted) => {
  expect(proxyTrust(proxies)(address, hop)).toBe(trusted)
})
