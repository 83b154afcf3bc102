import { PROBLEMS } from '@tessera/contracts/problems'
import type { Verdict } from '../check.ts'
import { files, textOf } from '../tree.ts'

const TABLE = 'contracts/problems.ts'
const FOLDER = 'docs/problems/'
const SENTENCES_MIN = 2

/** Every slug has its page and is given somewhere, and every page and every operation names slugs that exist. */
export async function checkProblems(): Promise<Verdict> {
  const slugs = Object.entries(PROBLEMS)
  const pages = new Set(files('docs').filter((file) => file.startsWith(FOLDER)))
  const code = files()
    .filter((file) => /^(apps\/server|contexts|platform)\/.*\.ts$/.test(file) && !file.includes('.test.'))
    .map(textOf)
    .join('\n')
  const complaints: string[] = []
  for (const [slug, { title }] of slugs) {
    const page = `${FOLDER}${slug}.md`
    if (pages.delete(page)) complaints.push(...pageComplaints(page, title, textOf(page)))
    else complaints.push(`${page} is missing`)
    if (!code.includes(`'${slug}'`)) complaints.push(`${TABLE}: nothing gives ${slug}`)
  }
  for (const page of pages) complaints.push(`${page} explains a problem that does not exist`)
  for (const slug of slugsIn(textOf('docs/openapi.json'))) {
    if (!(slug in PROBLEMS)) complaints.push(`an operation promises ${slug}, which is not in ${TABLE}`)
  }
  return { complaints, looked_at: `${slugs.length} problems` }
}

/** The page begins with the title that the API gives, and says what it means and what to do. */
export function pageComplaints(page: string, title: string, text: string): string[] {
  const [heading, ...rest] = text.split('\n')
  const sentences = rest.join(' ').match(/[.!?](\s|$)/g)?.length ?? 0
  return [
    ...(heading === `# ${title}` ? [] : [`${page} should begin with "# ${title}"`]),
    ...(sentences >= SENTENCES_MIN ? [] : [`${page} says too little`]),
  ]
}

/** The refusals that operations of the OpenAPI document name. */
function slugsIn(openapi: string): Set<string> {
  const lists = openapi.matchAll(/"description": "Refusals: ([a-z, -]+)\./g)
  return new Set([...lists].flatMap(([, list]) => (list ?? '').split(', ')))
}
