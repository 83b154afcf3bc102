-- Claims the seats of a block, or its quantity of a tier from every quota of it, all or nothing. The caller has
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
      perform lock_quotas(array[p_tier]);
      if exists (
        select from quota_tiers q where q.tier_no = p_tier and refresh_quota(q.quota_no, clock_timestamp()) < p_quantity)
      then
        unavailable_tier := p_tier;
        raise exception using errcode = 'TS003';
      end if;
      update quotas c set blocked = c.blocked + p_quantity
      from quota_tiers q where q.tier_no = p_tier and c.quota_no = q.quota_no;
      insert into quota_holds (holder_id, quota_no, quantity, expires_at)
      select p_block_id, q.quota_no, p_quantity, v_ends from quota_tiers q where q.tier_no = p_tier;
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
