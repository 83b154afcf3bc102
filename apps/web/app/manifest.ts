import type { MetadataRoute } from 'next'
import { paths } from '../paths.ts'

/** Tessera on a home screen: tickets in the pocket, and the scanner at the door. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Tessera',
    short_name: 'Tessera',
    start_url: paths.discover(),
    display: 'standalone',
    background_color: '#fbfaf7',
    theme_color: '#fbfaf7',
    icons: [{ src: '/icon.svg', type: 'image/svg+xml', sizes: 'any' }],
    shortcuts: [
      { name: 'My tickets', url: paths.tickets() },
      { name: 'Door', url: paths.doors() },
    ],
  }
}
