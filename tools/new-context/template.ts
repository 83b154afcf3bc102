/** The files of a new context, by path: one table, one public read, and a test of it. */
export function contextFiles(name: string): ReadonlyMap<string, string> {
  const Name = name.charAt(0).toUpperCase() + name.slice(1)
  const folder = `contexts/${name}`
  return new Map([
    [`contracts/http/${name}.ts`, contract(Name)],
    [`${folder}/README.md`, `# ${Name}\n\n**Owns** the table \`items\`.\n\n**Order of refusals**: none yet.\n`],
    [`${folder}/deps.ts`, deps(Name)],
    [`${folder}/open.ts`, open],
    [`${folder}/index.ts`, index(name)],
    [`${folder}/routes.ts`, routes(name, Name)],
    [`${folder}/list-items.ts`, listItems(name)],
    [`${folder}/list-items.sql`, `-- @name items\nselect id from items order by created_at, id limit :row_count\n`],
    [`${folder}/list-items.pg.test.ts`, test(name)],
    [`${folder}/fixture.ts`, fixture(name)],
    [
      `${folder}/sql/migrations/0001_init.sql`,
      'create table items (\n  id text primary key,\n  created_at timestamptz not null default now()\n);\n',
    ],
  ])
}

const contract = (Name: string): string => `import { type Static, Type } from 'typebox'

export const ${Name}Items = Type.Object({ items: Type.Array(Type.Object({ id: Type.String() })) })
export type ${Name}Items = Static<typeof ${Name}Items>
`

const deps = (Name: string): string => `import type { Db } from '#platform/db'

/** What ${Name}'s handlers share. */
export type Deps = { db: Db }
`

const open = `import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextServices } from '#platform/context'
import type { Deps } from './deps.ts'

export async function open({ db }: ContextServices<ContextRpc, null, Permission>): Promise<Deps> {
  return { db }
}
`

const index = (name: string): string => `import { defineContext } from '#platform/context'
import { open } from './open.ts'
import { routes } from './routes.ts'

export const ${name} = defineContext({
  name: '${name}',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
})
`

const routes = (name: string, Name: string): string => `import { ${Name}Items } from '@tessera/contracts/http/${name}'
import type { Permission } from '@tessera/contracts/permissions'
import { answer, type Http } from '#platform/http'
import type { Deps } from './deps.ts'
import { listItems } from './list-items.ts'

export function routes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/${name}',
      id: 'list${Name}Items',
      summary: 'The items of ${name}',
      tag: '${Name}',
      access: 'public',
      responses: { 200: ${Name}Items },
      problems: [],
    },
    async () => answer(200, { items: await listItems(deps) }),
  )
}
`

const listItems = (name: string): string => `import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['items'])

const ITEMS_MAX = 100

/** At most a hundred items of ${name}, oldest first. */
export function listItems({ db }: { db: Db }): Promise<{ id: string }[]> {
  return db.many<{ id: string }>(sql.items, { row_count: ITEMS_MAX })
}
`

const test = (name: string): string => `import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('items are listed oldest first', async () => {
  await fixture.owner.query("insert into ${name}.items (id, created_at) values ('b', '2030-01-01'), ('a', '2030-01-02')")
  const { status, body } = await fixture.call('GET', '/api/v1/${name}')
  expect({ status, body }).toEqual({ status: 200, body: { items: [{ id: 'b' }, { id: 'a' }] } })
})
`

const fixture = (
  name: string,
): string => `import { needsMembership, type Role, roleMay } from '@tessera/contracts/permissions'
import { PROBLEMS } from '@tessera/contracts/problems'
import { openTestContext, type TestContext } from '#platform/testing'
import type { Deps } from './deps.ts'
import { ${name} } from './index.ts'

export type Fixture = TestContext<Deps>

/** The context on a database of its own. */
export function openFixture(): Promise<Fixture> {
  return openTestContext(${name}, {
    config: null,
    problems: PROBLEMS,
    roleMay: (role, permission) => roleMay(role as Role, permission),
    needsMembership,
  })
}
`
