import { cookies } from 'next/headers'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import { Mark } from '../../ui/mark.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

export async function SiteFooter() {
  const theme = (await cookies()).get('theme')?.value
  const link = 'inline-flex min-h-11 items-center text-ink-2 hover:text-ink hover:underline hover:underline-offset-3'
  return (
    <footer className="wrap mt-20">
      <div className="flex flex-wrap items-center justify-between gap-x-10 gap-y-4 border-t border-line py-8 text-14">
        <p className="flex items-center gap-2.5 text-ink-2">
          <Mark size={20} />
          Fair tickets, fees included, one price from the first page on.
        </p>
        <nav aria-label="More" className="flex flex-wrap items-center gap-x-6">
          <Link className={link} href={paths.organizer()}>
            Sell tickets
          </Link>
          <Link className={link} href={paths.doors()}>
            Door
          </Link>
          <a className={link} href="/docs">
            API
          </a>
          <ThemeSwitch current={theme === 'light' || theme === 'dark' ? theme : 'auto'} />
        </nav>
      </div>
    </footer>
  )
}
