-- Decides a batch of scans at once. The only statement that admits anyone.
--
-- One admission per ticket: the tickets' rows are locked in the order of their ids (revoke_tickets and undo
-- take the same locks), then admitted by one conditional update; the second transaction sees the row of the
-- first. The caller puts neither one code nor one (person, key) twice into a batch. A key that has won before
-- gets its admission again, even if the ticket has been undone or voided since; the same key for another
-- request is a mismatch. Refusals write nothing.
--
-- Results, in this order of precedence: mismatch, admitted (again, by key), unknown, wrong_performance, admitted, void,
-- already_used. Unknown is also a ticket that arrived while the batch was decided.
create or replace function admit_scans(
  code_ids uuid[], performance_ids text[], checkin_ids text[], staff_user_ids text[], gates text[], device_ids text[],
  scanned_ats timestamptz[], idempotency_keys text[], body_hashes text[]
) returns table (
  scan_no bigint, result text, replayed boolean, checkin_id text, admitted_at timestamptz, gate text, ticket_id text,
  booking_id text, performance_id text, seat_id text, seat_label text, tier_id text, tier_name text,
  holder_first_name text, holder_last_name text
) language plpgsql as $$
#variable_conflict use_column
declare
  decided_at timestamptz;
begin
  perform from tickets where code_id = any (code_ids) order by tickets.ticket_id for no key update;
  decided_at := clock_timestamp();

  with scan as (
    select * from unnest(code_ids, performance_ids, checkin_ids, staff_user_ids, gates, device_ids, scanned_ats,
      idempotency_keys, body_hashes)
      as s (code_id, performance_id, checkin_id, staff_user_id, gate, device_id, scanned_at, idempotency_key, body_hash)
  ), admitted as (
    update tickets set admitted_at = decided_at, checkin_id = scan.checkin_id, gate = scan.gate
    from scan
    where tickets.code_id = scan.code_id
      and tickets.performance_id = scan.performance_id
      and tickets.revoked_at is null
      and tickets.admitted_at is null
      and not exists (
        select from admissions won
        where won.staff_user_id = scan.staff_user_id and won.idempotency_key = scan.idempotency_key
          and won.idempotency_key is not null
      )
    returning tickets.ticket_id, scan.*
  ), logged as (
    insert into admissions (checkin_id, kind, ticket_id, performance_id, at, staff_user_id, gate, device_id, scanned_at,
      idempotency_key, body_hash)
    select checkin_id, 'admitted', ticket_id, performance_id, decided_at, staff_user_id, gate, device_id,
      -- A device's clock may be ahead; nothing here is dated later than now.
      least(scanned_at, decided_at), idempotency_key, body_hash
    from admitted
    order by staff_user_id, idempotency_key
  )
  insert into outbox (topic, key, payload)
  select 'checkin.admitted', ticket_id, json_build_object('checkin_id', checkin_id, 'ticket_id', ticket_id,
    'performance_id', performance_id, 'admitted_at', to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from admitted;

  return query
  select scan.scan_no,
    case
      when won.body_hash <> scan.body_hash then 'mismatch'
      when won.checkin_id is not null then 'admitted'
      when held.ticket_id is null then 'unknown'
      when held.performance_id <> scan.performance_id then 'wrong_performance'
      when held.checkin_id = scan.checkin_id then 'admitted'
      when held.revoked_at is not null then 'void'
      -- It became known after the update: the caller asks again.
      when held.admitted_at is null then 'unknown'
      else 'already_used'
    end,
    coalesce(won.checkin_id <> scan.checkin_id, false),
    coalesce(won.checkin_id, held.checkin_id),
    coalesce(won.at, held.admitted_at),
    case when won.checkin_id is null then held.gate else won.gate end,
    held.ticket_id, held.booking_id, held.performance_id, held.seat_id, held.seat_label, held.tier_id, held.tier_name,
    held.holder_first_name, held.holder_last_name
  from unnest(code_ids, performance_ids, checkin_ids, staff_user_ids, idempotency_keys, body_hashes) with ordinality
    as scan (code_id, performance_id, checkin_id, staff_user_id, idempotency_key, body_hash, scan_no)
  left join tickets held on held.code_id = scan.code_id
  left join admissions won on won.staff_user_id = scan.staff_user_id and won.idempotency_key = scan.idempotency_key
    and won.idempotency_key is not null
  order by scan.scan_no;
end $$;
