-- What each tier has sold and which money of it was kept, so that a sales page costs the same after a million bookings.
-- Changes are appended in the transaction that makes them, where nobody waits for anybody, and a job folds them into the
-- totals; totals plus changes are exact at any moment.
create table tier_sales (
  tier_no int primary key,
  sold int not null,
  revenue bigint not null
);
create table tier_sales_changes (
  id bigint generated always as identity primary key,
  tier_no int not null,
  sold int not null,
  revenue bigint not null
);

-- Money of confirmed payments that went back to buyers or their banks (positive) or came again (negative), each movement
-- once.
create table money_movements (
  source text primary key,
  booking_id text not null,
  payment_id text not null,
  amount bigint not null,
  at timestamptz not null default now()
);
create index on money_movements (booking_id);

-- The part of `back` that falls on the stretch from `part_start` to `part_end` of a total: parts of a total add up to it.
create function share_back(back numeric, total bigint, part_start bigint, part_end bigint) returns bigint
language sql immutable as $$
  select case when total = 0 then 0 else (round(back * part_end / total) - round(back * part_start / total))::bigint end
$$;

-- A booking counts as sold while it is confirmed. Its money counts from the confirmation on, less what has gone back; a
-- cancellation alone gives nothing back.
create function count_sales() returns trigger language plpgsql as $$
begin
  insert into booking.tier_sales_changes (tier_no, sold, revenue)
  select line.tier, sum(case when line.confirmed then line.quantity else -line.quantity end),
    sum(case when line.confirmed
      then line.amount - booking.share_back(line.back, line.total, line.up_to - line.amount, line.up_to) else 0 end)
  from (
    select changed.confirmed, changed.total, changed.back, l.tier, l.quantity, l.quantity * l.price as amount,
      sum(l.quantity * l.price) over (partition by changed.booking_id order by l.i)::bigint as up_to
    from (
      select n.booking_id, n.status = 'confirmed' as confirmed, n.total, n.line_tiers, n.line_quantities, n.line_prices,
        coalesce((select sum(m.amount) from booking.money_movements m
          where m.booking_id = n.booking_id and m.payment_id = n.payment_id), 0) as back
      from new_rows n join old_rows o using (booking_id)
      where (n.status = 'confirmed') <> (o.status = 'confirmed')
    ) changed
    cross join lateral unnest(changed.line_tiers, changed.line_quantities, changed.line_prices) with ordinality
      as l (tier, quantity, price, i)
  ) line
  group by line.tier;
  return null;
end $$;
create trigger count_sales after update on bookings
  referencing old table as old_rows new table as new_rows for each statement execute function count_sales();

insert into tier_sales (tier_no, sold, revenue)
select l.tier, coalesce(sum(l.quantity) filter (where b.status = 'confirmed'), 0), sum(l.quantity * l.price)
from bookings b cross join lateral unnest(b.line_tiers, b.line_quantities, b.line_prices) as l (tier, quantity, price)
where b.status = 'confirmed' or b.payment_id is not null
group by l.tier;
