-- @name record_settlement
update payments
set settlement = :settlement, settled_at = now(),
  next_check_at = case when fee is null then now() + interval '60 seconds' end
where id = :id and settlement = 'pending'
returning id
