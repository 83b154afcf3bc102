import { paths } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { Mark } from '../ui/mark.tsx'

export const metadata = { title: 'Not here' }

export default function NotFound() {
  return (
    // Without the usual header and with plain links: this page is part of every other page's code.
    <>
      <header className="wrap">
        <a
          href={paths.discover()}
          className="display flex h-[60px] w-fit items-center gap-2.5 text-20 font-[680] md:h-[72px]"
        >
          <Mark />
          Tessera
        </a>
      </header>
      <main id="main" className="wrap pt-12 pb-20">
        <h1 className="mb-8 max-w-[14ch]">This seat is empty.</h1>
        <Empty
          title="There is nothing at this address"
          action={
            <a className="btn" href={paths.discover()}>
              See what is on
            </a>
          }
        >
          The event may be over, the link may be cut off, or it may be someone else’s order. If someone sent you the
          link, ask for it once more.
        </Empty>
      </main>
    </>
  )
}
