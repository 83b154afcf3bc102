import { resolve } from 'node:path'

// A self-hosted product reports to no one: Next's own telemetry stays off in builds and at run time.
process.env.NEXT_TELEMETRY_DISABLED = '1'

/** @type {import('next').NextConfig} */
const config = {
  transpilePackages: ['@tessera/contracts'],
  poweredByHeader: false,
  images: { unoptimized: true },
  agentRules: false,
  devIndicators: false,
  // Told rather than searched for: the search warns when the home directory lies inside the checkout.
  turbopack: { root: resolve(import.meta.dirname, '../..') },
}

export default config
