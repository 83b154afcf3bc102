'use client'
import { useState } from 'react'

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]
const YEAR_S = 31_536_000

/** Light, dark, or as the device says. Kept in a cookie, so that the server's first paint is right already. */
export function ThemeSwitch({ current }: { current: Theme }) {
  const [theme, setTheme] = useState(current)
  function choose(next: Theme) {
    setTheme(next)
    if (next === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = next
    // Not the Cookie Store API: it is not in every browser that we serve.
    document.cookie = `theme=${next}; path=/; max-age=${next === 'auto' ? 0 : YEAR_S}; samesite=lax`
  }
  return (
    <fieldset className="flex rounded-full border border-line p-0.5">
      <legend className="sr-only">Colours</legend>
      {THEMES.map((name) => (
        <label
          key={name}
          className="grid min-h-10 place-items-center rounded-full px-3 capitalize has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink"
        >
          <input
            type="radio"
            name="theme"
            value={name}
            checked={theme === name}
            onChange={() => choose(name)}
            className="sr-only"
          />
          {name}
        </label>
      ))}
    </fieldset>
  )
}
