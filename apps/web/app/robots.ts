import type { MetadataRoute } from 'next'
import { siteOrigin } from '../api/visitor.ts'

/** Events are for everyone to find; what belongs to a person or an organization is not. */
export default async function robots(): Promise<MetadataRoute.Robots> {
  return {
    rules: {
      userAgent: '*',
      allow: '/',
      disallow: ['/checkout', '/orders', '/tickets', '/organizer', '/door', '/admin', '/api', '/performances'],
    },
    host: await siteOrigin(),
  }
}
