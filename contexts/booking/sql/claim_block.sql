-- Claims the seats of a block, or its quantity of one general-admission tier, all or nothing. The caller has
-- the performance locked (lock_performance). Returns the seats and tiers that are unavailable; nothing is
-- claimed then.
create or replace function claim_block(
  p_block_id text, p_performance int, p_seats int[], p_tier int, p_quantity int, p_release_at timestamptz
) returns table (unavailable_seats int[], unavailable_tier int)
language plpgsql as $$
declare
  v_ends constant timestamptz := coalesce(p_release_at, 'infinity');
  v_claimed int[];
begin
  unavailable_seats := '{}';
  begin
    if p_tier is not null then
      perform 1 from ga_counters c where c.tier_no = p_tier for update;
      perform reap_ga_holds(p_tier, clock_timestamp());
      update ga_counters c set blocked = c.blocked + p_quantity
      where c.tier_no = p_tier and c.held + c.sold + c.blocked + p_quantity <= c.total;
      if not found then
        unavailable_tier := p_tier;
        raise exception using errcode = 'TS003';
      end if;
      insert into ga_holds (holder_id, tier_no, quantity, expires_at) values (p_block_id, p_tier, p_quantity, v_ends);
    end if;
    with claimed as (
      insert into seat_claims as c (performance_no, seat, holder_id, expires_at)
      select p_performance, s.seat, p_block_id, v_ends from unnest(p_seats) as s (seat) order by s.seat
      on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
      where c.expires_at <= clock_timestamp()
      returning c.seat
    )
    select coalesce(array_agg(seat), '{}') into v_claimed from claimed;
    if cardinality(v_claimed) < cardinality(p_seats) then
      unavailable_seats := array(select unnest(p_seats) except select unnest(v_claimed) order by 1);
      raise exception using errcode = 'TS003';
    end if;
  exception when sqlstate 'TS003' then null;
  end;
  return next;
end $$;
