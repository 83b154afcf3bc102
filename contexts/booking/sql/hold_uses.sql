-- What has become of these holds, for the limits of their owner or source: one row per performance, without holds won
-- more than p_memory_s seconds ago and those of a cancelled performance.
--   unused          the lives of holds that ended without a booking that stands: left to expire, released, or bought and
--                   cancelled. Each counts by the share of its life for which it kept its seats from others, so that it
--                   makes no difference whether they are held once for long or often for a short time; a twentieth at
--                   least, which bounds how many there can be
--   last_unused_at  when the last of them gave its seats back
--   paid, free      bookings that stand
create or replace function hold_uses(p_booking_ids text[], p_memory_s double precision)
returns table (
  performance_no int, open_ids text[], first_ends_at timestamptz, unused double precision, last_unused_at timestamptz,
  paid int, free int
)
language sql stable
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
  with hold as (
    select b.performance_no, b.booking_id, b.total, b.held_at, b.expires_at,
      case
        when b.status = 'held' and b.expires_at > now() then 'open'
        when b.status = 'confirmed' then 'bought'
        else 'unused'
      end as outcome,
      -- Its expiry at the latest: one that was cancelled later used its hold whole.
      least(b.expires_at, (
        select max(l.at) from booking_log l
        where b.status in ('released', 'cancelled') and l.booking_id = b.booking_id and l.to_status = b.status
      )) as ended_at
    from bookings b join performances p using (performance_no)
    where b.booking_id = any (p_booking_ids) and b.held_at > now() - make_interval(secs => p_memory_s)
      and p.status <> 'cancelled'
  )
  select h.performance_no,
    coalesce(array_agg(h.booking_id) filter (where h.outcome = 'open'), '{}'),
    min(h.expires_at) filter (where h.outcome = 'open'),
    coalesce(sum(greatest(0.05, extract(epoch from h.ended_at - h.held_at) / extract(epoch from h.expires_at - h.held_at)))
      filter (where h.outcome = 'unused'), 0),
    max(h.ended_at) filter (where h.outcome = 'unused'),
    count(*) filter (where h.outcome = 'bought' and h.total > 0),
    count(*) filter (where h.outcome = 'bought' and h.total = 0)
  from hold h
  group by h.performance_no
$$;
