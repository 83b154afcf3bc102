import { loadSql } from '#platform/db'
import type { Invariant } from '#platform/invariants'

const sql = loadSql(import.meta.url, [
  'session_keys',
  'user_keys',
  'email_keys',
  'organization_keys',
  'one_living_refresh_token',
  'used_in_order',
  'sessions_have_people',
  'guests_hold_nothing',
  'one_account_an_address',
  'organizations_are_led',
])

export const invariants: readonly Invariant[] = [
  {
    id: 'identity.refresh-leaf',
    title: 'A session has at most one refresh token that has not been used',
    statement: sql.one_living_refresh_token,
    keys: sql.session_keys,
  },
  {
    id: 'identity.refresh-chain',
    title: 'Every used refresh token has its successor',
    statement: sql.used_in_order,
    keys: sql.session_keys,
  },
  {
    id: 'identity.session-owner',
    title: 'Every session has its person, every refresh token its session',
    statement: sql.sessions_have_people,
    keys: sql.session_keys,
  },
  {
    id: 'identity.guests',
    title: 'A guest has no password and leads no organization',
    statement: sql.guests_hold_nothing,
    keys: sql.user_keys,
  },
  {
    id: 'identity.one-account',
    title: 'One account an e-mail address',
    statement: sql.one_account_an_address,
    keys: sql.email_keys,
  },
  {
    id: 'identity.organizers',
    title: 'Every organization has an organizer for all its events',
    statement: sql.organizations_are_led,
    keys: sql.organization_keys,
  },
]
