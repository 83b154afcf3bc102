import type { Db } from '#platform/db'

const BOOKINGS_A_PERFORMANCE = 10

/** Adds the bookings from `first` to `last` with all that a sound product has of them, in the schemas of all contexts. */
export async function fillProduct(owner: Db, first: number, last: number): Promise<void> {
  await owner.transaction(async (tx) => {
    // Loaded as a backup is: without triggers and foreign keys.
    await tx.query(`set local session_replication_role = 'replica'`)
    for (const text of [...sources(first, last), ...CATALOG, ...BOOKING, ...PAYMENT, ...TICKETS, ...PEOPLE])
      await tx.query(text)
  })
  // All that was published has been handled.
  await owner.query(
    `insert into platform.bus_cursors (consumer, source, xid, id) values ('realtime.project', 'booking', pg_current_xact_id(), 0)
     on conflict (consumer, source) do update set xid = excluded.xid`,
  )
}

/** What the inserts read: bookings `b` and performances `p`, one in ten of the former expired, cancelled or held. */
const sources = (first: number, last: number): string[] => [
  `create or replace function pg_temp.id(prefix text, n bigint) returns text language sql immutable
   return prefix || '_0' || lpad(n::text, 25, '0')`,
  `create temp table b on commit drop as
   select n, (n - 1) / ${BOOKINGS_A_PERFORMANCE} + 1 as performance_no, (n - 1) % ${BOOKINGS_A_PERFORMANCE} as seat,
     n % 3 = 0 as ga, pg_temp.id('bk', n) as booking_id, pg_temp.id('usr', (n + 3) / 4) as user_id,
     pg_temp.id('pay', n) as payment_id, pg_temp.id('tkt', n) as ticket_id,
     case n % 10 when 1 then 'expired' when 3 then 'cancelled' when 5 then 'held' else 'confirmed' end as status,
     2 * ((n - 1) / ${BOOKINGS_A_PERFORMANCE} + 1) - case when n % 3 = 0 then 0 else 1 end as tier_no
   from generate_series(${first}, ${last}) n`,
  `create temp table p on commit drop as
   select performance_no, pg_temp.id('perf', performance_no) as performance_id, pg_temp.id('evt', performance_no) as event_id,
     pg_temp.id('org', performance_no) as organization_id, pg_temp.id('ven', performance_no) as venue_id,
     pg_temp.id('cht', performance_no) as chart_id
   from b group by performance_no`,
]

const CATALOG: readonly string[] = [
  `insert into catalog.venues (id, organization_id, name, address, city, city_key, country, time_zone)
   select venue_id, organization_id, 'Hall', 'Street', 'Town', 'town', 'DE', 'UTC' from p`,
  `insert into catalog.charts (id, organization_id, venue_id, name, format, seat_count, categories, document, packed, seat_list,
     geometry_gzip, geometry_br, geometry_tag)
   select chart_id, organization_id, venue_id, 'Chart', 'tessera-chart/1', ${BOOKINGS_A_PERFORMANCE}, '[{"name": "A"}]',
     '', '', '', '', '', '' from p`,
  `insert into catalog.events (id, organization_id, organizer_name, venue_id, title, description, genre, genre_key, currency,
     refund_policy, status, published_at)
   select event_id, organization_id, 'We', venue_id, 'Play', '', 'Drama', 'drama', 'EUR', '{}', 'published', now() from p`,
  `insert into catalog.performances (id, organization_id, event_id, venue_id, chart_id, start_time, end_time, local_date, status,
     revision, announced_at)
   select performance_id, organization_id, event_id, venue_id, chart_id, now(), now() + interval '2 hours', now(), 'published', 1,
     now() from p`,
  `insert into catalog.tiers (id, organization_id, event_id, performance_id, position, name, amount, currency, categories, quantity,
     sale_start, sale_end, min_per_order, max_per_order, published_at)
   select pg_temp.id('tier', 2 * performance_no - k), organization_id, event_id, performance_id, k + 1, 'T', 1000, 'EUR',
     case k when 1 then array['A'] end, case k when 0 then 100 end, now(), now() + interval '1 hour', 1, 10, now()
   from p, generate_series(0, 1) k`,
]

const BOOKING: readonly string[] = [
  `insert into booking.performances (performance_no, performance_id, event_id, organization_id, revision, seat_count, title,
     currency, start_time, end_time, refund_policy, status) overriding system value
   select performance_no, performance_id, event_id, organization_id, 1, ${BOOKINGS_A_PERFORMANCE}, 'Play', 'EUR', now(), now(), '{}',
     'on_sale' from p`,
  `insert into booking.tiers (tier_no, tier_id, performance_no, position, name, price, categories, quantity, sale_start, sale_end,
     min_per_order, max_per_order, max_per_person) overriding system value
   select 2 * performance_no - k, pg_temp.id('tier', 2 * performance_no - k), performance_no, k + 1, 'T', 1000,
     case k when 1 then array['A'] end, case k when 0 then 100 end, now(), now(), 1, 10, 10
   from p, generate_series(0, 1) k`,
  `insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
     line_quantities, line_prices, total, held_at, expires_at, status, payment_id)
   select booking_id, performance_no, user_id, 'k' || n, 'h', array[case when ga then -1 else seat end], array[tier_no], '{1}',
     '{1000}', 1000, now(), now() + interval '1 day', status,
     case when status in ('confirmed', 'cancelled') then payment_id end from b`,
  `insert into booking.booking_log (booking_id, from_status, to_status, actor, at)
   select booking_id, 'held', case status when 'cancelled' then 'confirmed' else status end, 'test', now() - interval '1 hour'
   from b where status <> 'held'`,
  `insert into booking.booking_log (booking_id, from_status, to_status, actor, at)
   select booking_id, 'confirmed', 'cancelled', 'test', now() - interval '1 hour' from b where status = 'cancelled'`,
  `insert into booking.seat_claims
   select performance_no, seat, booking_id, case status when 'held' then now() + interval '1 day' else 'infinity' end
   from b where not ga and status in ('held', 'confirmed')`,
  `insert into booking.quotas (performance_no, tier_no, total, held, sold)
   select performance_no, tier_no, 100, count(*) filter (where status = 'held'), count(*) filter (where status = 'confirmed')
   from b where ga group by performance_no, tier_no`,
  `insert into booking.quota_tiers select tier_no, quota_no from booking.quotas on conflict do nothing`,
  `insert into booking.quota_holds
   select booking_id, quota_no, 1, now() + interval '1 day' from b join booking.quotas using (tier_no) where ga and status = 'held'`,
  `insert into booking.tier_sales
   select tier_no, count(*), sum(1000) from b where status = 'confirmed' group by tier_no`,
  `insert into booking.money_movements (source, booking_id, payment_id, amount)
   select 'refund:' || n, booking_id, payment_id, 1000 from b where status = 'cancelled'`,
  `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor, refund_amount, cancelled_at,
     refunded_at)
   select pg_temp.id('cxl', n), booking_id, 'buyer', 100, 'test', 1000, now(), now() from b where status = 'cancelled'`,
  `insert into booking.outbox (event_id, topic, key, payload)
   select md5(booking_id)::uuid, 'booking.held', performance_id, '{}' from b join p using (performance_no)`,
  `insert into realtime.inbox (consumer, event_id) select 'realtime.project', md5(booking_id)::uuid from b`,
  // A byte of state a seat: 1 held, 2 sold.
  `insert into realtime.seat_states (performance_id, version, seats, places)
   select performance_id, 1,
     decode(string_agg(case when ga then '00' else case status when 'confirmed' then '02' when 'held' then '01' else '00' end end, ''
       order by seat), 'hex'),
     jsonb_build_object(pg_temp.id('tier', 2 * performance_no), jsonb_build_object(
       'held', count(*) filter (where ga and status = 'held'), 'sold', count(*) filter (where ga and status = 'confirmed')))
   from b join p using (performance_no) group by performance_id, performance_no`,
]

const PAID = `b join p using (performance_no) where status in ('confirmed', 'cancelled')`

const PAYMENT: readonly string[] = [
  `insert into payment.payments (id, booking_id, user_id, organization_id, event_id, provider, provider_ref, amount, currency,
     description, status, captured, refunded, fee, settlement, settled_at, succeeded_at, hold_expires_at, next_check_at)
   select payment_id, booking_id, user_id, organization_id, event_id, 'stripe', 'pi_' || n, 1000, 'EUR', 'Play',
     case status when 'confirmed' then 'succeeded' else 'refunded' end, 1000, case status when 'confirmed' then 0 else 1000 end, 30,
     'confirmed', now(), now() - interval '1 hour', now(), null from ${PAID}`,
  `insert into payment.payment_history (payment_id, from_status, to_status)
   select payment_id, from_status, to_status
   from b, (values (1, 'new', 'created'), (2, 'created', 'succeeded'), (3, 'succeeded', 'refunded')) as step (no, from_status, to_status)
   where status = 'cancelled' or (status = 'confirmed' and no < 3) order by n, no`,
  `insert into payment.ledger_journals (id, kind, source_id, payment_id, organization_id, provider, currency) overriding system value
   select 2 * n, 'capture', payment_id, payment_id, organization_id, 'stripe', 'EUR' from ${PAID}`,
  `insert into payment.ledger_journals (id, kind, source_id, payment_id, organization_id, provider, currency) overriding system value
   select 2 * n + 1, 'refund', payment_id, payment_id, organization_id, 'stripe', 'EUR' from ${PAID} and status = 'cancelled'`,
  `insert into payment.ledger_entries (journal_id, account, amount)
   select 2 * n, account, amount
   from b, (values ('provider_cash', 970), ('provider_fees', 30), ('organizer_payable', -1000)) as entry (account, amount)
   where status in ('confirmed', 'cancelled')`,
  `insert into payment.ledger_entries (journal_id, account, amount)
   select 2 * n + 1, account, amount from b, (values ('provider_cash', -1000), ('refunds', 1000)) as entry (account, amount)
   where status = 'cancelled'`,
  `insert into payment.refunds (id, payment_id, amount, currency, reason, cause, status, provider_ref, next_check_at)
   select pg_temp.id('ref', n), payment_id, 1000, 'EUR', 'cancellation', pg_temp.id('cxl', n), 'succeeded', 're_' || n, null
   from b where status = 'cancelled'`,
]

const TICKETS: readonly string[] = [
  `insert into ticketing.performances (performance_id, revision, event_id, organization_id, title, genre, start_time, end_time,
     venue_id, venue_name, venue_address, venue_city, venue_country, time_zone)
   select performance_id, 1, event_id, organization_id, 'Play', 'Drama', now(), now(), venue_id, 'Hall', 'Street', 'Town', 'DE', 'UTC'
   from p`,
  `insert into ticketing.signing_keys (key_id, public_key, private_key_sealed) values ('00000000', '', '') on conflict do nothing`,
  `insert into ticketing.bookings select booking_id, case status when 'cancelled' then now() end, user_id from ${PAID}`,
  `insert into ticketing.tickets (ticket_id, booking_id, position, performance_id, event_id, organization_id, user_id, seat_no,
     seat_id, seat_label, tier_id, tier_name, code_id, key_id, status, issued_at, voided_at)
   select ticket_id, booking_id, 1, performance_id, event_id, organization_id, user_id, case when not ga then seat end,
     case when not ga then 's' end, 'S', pg_temp.id('tier', tier_no), 'T', gen_random_uuid(), '00000000',
     case status when 'cancelled' then 'void' else 'active' end, now() - interval '1 hour',
     case status when 'cancelled' then now() - interval '1 hour' end from ${PAID}`,
  // Every second ticket that is good was admitted.
  `insert into checkin.tickets (ticket_id, code_id, booking_id, performance_id, event_id, organization_id, seat_label, tier_id,
     tier_name, revoked_at, admitted_at, checkin_id)
   select ticket_id, gen_random_uuid(), booking_id, performance_id, event_id, organization_id, 'S', pg_temp.id('tier', tier_no), 'T',
     case status when 'cancelled' then now() end, case when status = 'confirmed' and n % 2 = 0 then now() end,
     case when status = 'confirmed' and n % 2 = 0 then pg_temp.id('chk', n) end from ${PAID}`,
  `insert into checkin.admissions (checkin_id, kind, ticket_id, performance_id, at, staff_user_id)
   select pg_temp.id('chk', n), 'admitted', ticket_id, performance_id, now(), 'usr' from ${PAID} and status = 'confirmed' and n % 2 = 0`,
  `insert into checkin.door_counts
   select performance_id, count(*) filter (where status = 'confirmed' and n % 2 = 0), count(*) filter (where status = 'confirmed')
   from ${PAID} group by performance_id`,
]

const PEOPLE: readonly string[] = [
  `insert into identity.users (id, email, first_name, last_name, role)
   select user_id, min(n) || '@example.test', 'A', 'B', 'attendee' from b group by user_id on conflict do nothing`,
  `insert into identity.credentials select user_id, '$argon2id$v=19$' from b group by user_id on conflict do nothing`,
  `insert into identity.sessions (id, user_id, ip, created_at, last_used_at, expires_at)
   select pg_temp.id('ses', n), user_id, '::1', now(), now(), now() + interval '1 day' from b`,
  `insert into identity.refresh_tokens
   select sha256((n || '.' || g)::bytea), pg_temp.id('ses', n), g, now(), now() + interval '1 day', case g when 0 then now() end
   from b, generate_series(0, 1) g`,
  `insert into identity.organizations (id, name, created_by) select organization_id, 'We', 'usr' from p`,
  `insert into identity.memberships (organization_id, user_id, role) select organization_id, 'usr', 'organizer' from p`,
]
