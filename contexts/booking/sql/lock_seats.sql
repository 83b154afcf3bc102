-- Locks seats of one performance, ascending, whether or not they have a claim: for work that claims them in another order
-- afterwards. A seat without a claim gets one and loses it again, and whoever wants it waits for this transaction; the
-- claim of another holder is locked and stays as it is, an expired one too, because the sweep announces it.
create or replace function lock_seats(p_performance int, p_seats int[]) returns void
language plpgsql as $$
declare
  v_inserted int[];
begin
  with locked as (
    insert into seat_claims as c (performance_no, seat, holder_id, expires_at)
    select distinct p_performance, s.seat, 'lock', '-infinity'::timestamptz from unnest(p_seats) as s (seat) order by s.seat
    on conflict (performance_no, seat) do update set holder_id = excluded.holder_id where false
    returning c.seat
  )
  select coalesce(array_agg(seat), '{}') into v_inserted from locked;
  delete from seat_claims c where c.performance_no = p_performance and c.seat = any (v_inserted);
end $$;
