-- @name advance
-- Only from the position that was read: a replay that has begun since deleted the cursor, and it must stay
-- deleted.
with moved as (
  update platform.bus_cursors set xid = :xid::xid8, id = :id, until = :until::xid8
  where consumer = :consumer and source = :source and xid = :from_xid::xid8 and id = :from_id
    and until is not distinct from :from_until::xid8
)
insert into platform.bus_cursors (consumer, source, xid, id, until)
select :consumer, :source, :xid::xid8, :id, :until::xid8
where :from_xid::text is null
on conflict (consumer, source) do nothing

-- @name rewind
delete from platform.bus_cursors where consumer = :consumer
