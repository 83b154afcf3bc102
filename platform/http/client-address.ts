import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

/** The trusted proxies in front of us: a number of hops, or networks. Empty: none. */
export type TrustedProxies = { hops: number } | { networks: readonly string[] }

/** A window's quota is for one source; the network around it, which one subscriber may own entirely, has more. */
export type Source = { source: string; quotas: number }

const NETWORK_QUOTAS = 16
/** A local address stands for many clients: a proxy, a container network, a whole venue. */
const LOCAL_QUOTAS = 100
const LOCAL_RANGES: readonly string[] = ['loopback', 'private', 'uniqueLocal', 'linkLocal']

/** Fastify's check: is the proxy at this address and hop one of ours? */
export function proxyTrust(proxies: TrustedProxies): (address: string, hop: number) => boolean {
  if ('hops' in proxies) return (_address, hop) => hop < proxies.hops
  const networks = proxies.networks.map(parseNetwork)
  return (address) => {
    if (!ipaddr.isValid(address)) return false
    const ip = ipaddr.process(address)
    return networks.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits))
  }
}

/** A network in CIDR notation or a single address; throws for anything else. */
export function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const ip = ipaddr.process(text)
  return [ip, ip.kind() === 'ipv4' ? 32 : 128]
}

/**
 * The client's address as the nearest trusted hop saw it. A value from such a hop that is no address counts as the
 * connection's own, so that writing nonsense gets nobody a quota of their own.
 */
export function clientAddress(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const { ip } = request
  return ipaddr.isValid(ip) ? ip : (request.socket.remoteAddress ?? '')
}

/** The same for limits on open resources: local addresses, which stand for many clients, have 100 quotas. */
export function rateLimitSourcesOf(address: string): readonly Source[] {
  const sources = sourcesOf(address)
  const bare = address.split('%', 1)[0] ?? address
  if (!ipaddr.isValid(bare) || !LOCAL_RANGES.includes(ipaddr.process(bare).range())) return sources
  return sources.map(({ source, quotas }) => ({ source, quotas: quotas * LOCAL_QUOTAS }))
}

/**
 * The rate-limit sources of an address: an IPv4 address; of an IPv6 one its /64, because one subscriber owns all
 * addresses of it, and with a larger quota its /48, because many subscribers own that too.
 */
export function sourcesOf(address: string): [Source, ...Source[]] {
  const bare = address.split('%', 1)[0] ?? address
  if (!ipaddr.isValid(bare)) return [{ source: 'unknown', quotas: 1 }]
  const ip = ipaddr.process(bare)
  if (ip.kind() === 'ipv4') return [{ source: ip.toString(), quotas: 1 }]
  const network = (bits: number): string => `${ipaddr.IPv6.networkAddressFromCIDR(`${ip}/${bits}`)}/${bits}`
  return [
    { source: network(64), quotas: 1 },
    { source: network(48), quotas: NETWORK_QUOTAS },
  ]
}
