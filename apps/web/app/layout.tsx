import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { preload } from 'react-dom'
import './globals.css'

const DISPLAY_FACE = new URL(
  '@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wdth-normal.woff2',
  import.meta.url,
)
const TEXT_FACE = new URL('@fontsource-variable/geist/files/geist-latin-wght-normal.woff2', import.meta.url)

export const metadata: Metadata = {
  title: { default: 'Tessera · Tonight could be the one', template: '%s · Tessera' },
  description: 'Find a night out, choose your seat on the map, and have your ticket in a minute.',
  applicationName: 'Tessera',
  formatDetection: { telephone: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf7' },
    { media: '(prefers-color-scheme: dark)', color: '#12110f' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get('theme')?.value
  preload(DISPLAY_FACE.pathname, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' })
  preload(TEXT_FACE.pathname, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' })
  return (
    <html lang="en" data-theme={theme === 'light' || theme === 'dark' ? theme : undefined}>
      <body>
        <a href="#main" className="btn ink small fixed top-2 left-2 z-50 -translate-y-24 focus:translate-y-0">
          Skip to the page
        </a>
        {children}
      </body>
    </html>
  )
}
