-- Ignores known movements and those of payments that did not confirm their booking.
-- @name count_movement
with fresh as (
  insert into booking.money_movements (source, booking_id, payment_id, amount)
  values (:source, :booking_id, :payment_id, :amount)
  on conflict (source) do nothing
  returning amount
), before as (
  select coalesce(sum(amount), 0) as back from booking.money_movements
  where booking_id = :booking_id and payment_id = :payment_id
), line as (
  select b.total, l.tier, l.quantity * l.price as amount,
    sum(l.quantity * l.price) over (order by l.i)::bigint as up_to
  from booking.bookings b
  cross join lateral unnest(b.line_tiers, b.line_quantities, b.line_prices) with ordinality as l (tier, quantity, price, i)
  where b.booking_id = :booking_id and b.payment_id = :payment_id
)
insert into booking.tier_sales_changes (tier_no, sold, revenue)
select line.tier, 0,
  sum(booking.share_back(before.back, line.total, line.up_to - line.amount, line.up_to)
    - booking.share_back(before.back + fresh.amount, line.total, line.up_to - line.amount, line.up_to))
from line, before, fresh
group by line.tier

-- @name fold_changes
with folded as (
  delete from booking.tier_sales_changes
  where id in (select id from booking.tier_sales_changes order by id limit :limit for update skip locked)
  returning tier_no, sold, revenue
), counted as (
  insert into booking.tier_sales as t (tier_no, sold, revenue)
  select tier_no, sum(sold), sum(revenue) from folded group by tier_no order by tier_no
  on conflict (tier_no) do update set sold = t.sold + excluded.sold, revenue = t.revenue + excluded.revenue
)
select count(*)::int as folded from folded
