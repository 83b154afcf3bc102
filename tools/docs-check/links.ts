import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Verdict } from '../check.ts'
import { files, root, textOf } from '../tree.ts'

const EXTERNAL = /^([a-z]+:|\/\/)/

/** Links between pages lead somewhere. */
export async function checkLinks(): Promise<Verdict> {
  const pages = files().filter((file) => file.endsWith('.md'))
  const complaints = pages.flatMap((page) =>
    linkComplaints(
      page,
      textOf(page),
      (path) => existsSync(join(root, path)),
      (path) => (path.endsWith('.md') ? textOf(path) : ''),
    ),
  )
  return { complaints, looked_at: `${pages.length} pages` }
}

/** What is wrong with the links of one page: a file that is not there, or a heading that its page does not have. */
export function linkComplaints(
  page: string,
  text: string,
  exists: (path: string) => boolean,
  read: (path: string) => string,
): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '')
  const targets = [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)[^)]*\)|(?:src|href)="([^"]+)"/g)]
  return targets.flatMap(([, link, attribute]) => {
    const target = link ?? attribute ?? ''
    if (EXTERNAL.test(target)) return []
    const [path = '', heading] = target.split('#')
    const file = path === '' ? page : normalize(join(dirname(page), path))
    if (!exists(file)) return [`${page}: ${target} leads nowhere`]
    if (heading === undefined || headingsOf(read(file)).has(heading)) return []
    return [`${page}: ${file} has no heading #${heading}`]
  })
}

/** Headings as GitHub names them in addresses. */
function headingsOf(text: string): Set<string> {
  const lines = text.matchAll(/^#+ (.+)$/gm)
  return new Set([...lines].map(([, line]) => anchorOf(line ?? '')))
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}
