import type { ReactNode } from 'react'
import { SiteFooter } from '../../features/account/site-footer.tsx'
import { SiteHeader } from '../../features/account/site-header.tsx'

export default function SiteLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SiteHeader />
      <main id="main" className="flex-1">
        {children}
      </main>
      <SiteFooter />
    </div>
  )
}
