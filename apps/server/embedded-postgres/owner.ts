import { readFileSync } from 'node:fs'
import pg from 'pg'

const OWNER = 'tessera'

const SQL = readFileSync(new URL('./sql/owner.sql', import.meta.url), 'utf8')

/**
 * The product's URL: as the owner of its database, who is no superuser. The first start makes that role, transfers
 * objects that an earlier version made as the superuser, and sets its password, which is the superuser's.
 */
export async function ownerUrl(superuser_url: string): Promise<string> {
  const url = new URL(superuser_url)
  const client = new pg.Client({ connectionString: superuser_url, application_name: 'tessera-owner-setup' })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(SQL)
    await client.query(`alter role ${OWNER} password ${client.escapeLiteral(decodeURIComponent(url.password))}`)
    await client.query('commit')
  } finally {
    await client.end()
  }
  url.username = OWNER
  return url.href
}
