import Link from 'next/link'
import { SiteFooter } from '../features/account/site-footer.tsx'
import { SiteHeader } from '../features/account/site-header.tsx'
import { paths } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'

export const metadata = { title: 'Not here' }

export default function NotFound() {
  return (
    <div className="flex min-h-dvh flex-col">
      <SiteHeader />
      <main id="main" className="wrap flex-1 pt-12">
        <h1 className="mb-8 max-w-[14ch]">This seat is empty.</h1>
        <Empty
          title="There is nothing at this address"
          action={
            <Link className="btn" href={paths.discover()}>
              See what is on
            </Link>
          }
        >
          The event may be over, the link may be cut off, or it may be someone else’s order. If it came from a mail of
          ours, open it there once more.
        </Empty>
      </main>
      <SiteFooter />
    </div>
  )
}
