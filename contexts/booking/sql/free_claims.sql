-- Gives back what a booking or block still has; answers the seats really freed: a seat that the next buyer took over in
-- the meantime is his, and a late "available" must never hide him.
create or replace function free_claims(p_holder_id text, p_performance int, p_seats int[], p_sold_tiers int[], p_sold_quantities int[])
returns int[]
language plpgsql as $$
declare
  v_freed int[];
begin
  perform 1 from place_counts c
  where c.tier_no in (select h.tier_no from place_holds h where h.holder_id = p_holder_id union all select unnest(p_sold_tiers))
  order by c.tier_no for update;
  with freed as (
    delete from seat_claims c
    where c.performance_no = p_performance and c.seat = any (p_seats) and c.holder_id = p_holder_id
    returning c.seat
  )
  select coalesce(array_agg(seat order by seat), '{}') into v_freed from freed;
  with gone as (
    delete from place_holds h where h.holder_id = p_holder_id returning h.tier_no, h.quantity
  )
  update place_counts c
  set held = c.held - case when p_holder_id like 'bk\_%' then g.quantity else 0 end,
    blocked = c.blocked - case when p_holder_id like 'blk\_%' then g.quantity else 0 end
  from gone g where c.tier_no = g.tier_no;
  update place_counts c set sold = c.sold - s.quantity
  from unnest(p_sold_tiers, p_sold_quantities) as s (tier_no, quantity) where c.tier_no = s.tier_no;
  return v_freed;
end $$;
