-- Makes a booking's seats and places sold. The caller has the booking row locked. Answers
--   kept     the hold was alive: its claims are his for good
--   retaken  the hold had ended, everything was still free and is his again (a late payment keeps its customer)
--   gone     something is someone else's by now; nothing changed
-- Must touch as many rows as the booking has seats, else nothing.
create or replace function keep_claims(p_booking_id text, p_t timestamptz) returns text
language plpgsql as $$
declare
  v_performance int;
  v_seats int[];
  v_tiers int[];
  v_quantities int[];
  v_kept int;
  v_row record;
begin
  select b.performance_no,
    coalesce(array_agg(l.seat order by l.seat) filter (where l.seat >= 0), '{}'),
    coalesce(array_agg(l.tier order by l.tier) filter (where l.seat < 0), '{}'),
    coalesce(array_agg(l.quantity order by l.tier) filter (where l.seat < 0), '{}')
  into v_performance, v_seats, v_tiers, v_quantities
  from bookings b cross join lateral unnest(b.line_seats, b.line_tiers, b.line_quantities) as l (seat, tier, quantity)
  where b.booking_id = p_booking_id
  group by b.performance_no;

  perform 1 from ga_counters c where c.tier_no = any (v_tiers) order by c.tier_no for update;
  update seat_claims c set expires_at = 'infinity'
  where c.performance_no = v_performance and c.seat = any (v_seats) and c.holder_id = p_booking_id and c.expires_at > p_t;
  get diagnostics v_kept = row_count;
  if v_kept = cardinality(v_seats) then
    with mine as (
      delete from ga_holds h where h.holder_id = p_booking_id and h.expires_at > p_t returning h.tier_no, h.quantity
    ), counted as (
      update ga_counters c set held = c.held - m.quantity, sold = c.sold + m.quantity
      from mine m where c.tier_no = m.tier_no returning 1
    )
    select count(*) into v_kept from counted;
    if v_kept = cardinality(v_tiers) then return 'kept'; end if;
  end if;

  begin
    insert into seat_claims as c (performance_no, seat, holder_id, expires_at)
    select v_performance, s.seat, p_booking_id, 'infinity' from unnest(v_seats) as s (seat) order by s.seat
    on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
    where c.expires_at <= p_t or c.holder_id = p_booking_id;
    get diagnostics v_kept = row_count;
    if v_kept < cardinality(v_seats) then raise exception using errcode = 'TS002'; end if;
    for v_row in select * from unnest(v_tiers, v_quantities) as l (tier, quantity) loop
      perform reap_ga_holds(v_row.tier, p_t);
      update ga_counters c set sold = c.sold + v_row.quantity
      where c.tier_no = v_row.tier and c.held + c.sold + c.blocked + v_row.quantity <= c.total;
      if not found then raise exception using errcode = 'TS002'; end if;
    end loop;
    return 'retaken';
  exception when sqlstate 'TS002' then return 'gone';
  end;
end $$;
