-- After a logical restore (pg_dump, pg_restore) the outboxes contain transaction ids of another cluster,
-- which may be ahead of this one's: their rows would wait for future ids, and new events would hide behind
-- cursors that are far ahead. In that case every outbox is moved to transaction 0, in the order of its ids,
-- and its cursors with it: consumers read all of it again, and the inbox prevents a second effect.
--
-- Returns whether that was the case. A snapshot never shows a row of its own cluster at or above its xmax, so
-- each check must read its limit and its rows in one statement. A cursor may equal the xmax: it names the
-- horizon.
create or replace function platform.adopt_outboxes() returns boolean language plpgsql as $$
declare
  v_schema text;
  v_foreign boolean := exists (
    select from platform.bus_cursors where greatest(xid, until) > pg_snapshot_xmax(pg_current_snapshot()));
  v_schemas constant text[] := array(
    select distinct schema_name from platform.migrations where schema_name <> 'platform');
begin
  foreach v_schema in array v_schemas loop
    exit when v_foreign;
    execute format('select exists (select from %I.outbox where xid >= pg_snapshot_xmax(pg_current_snapshot()))', v_schema)
    into v_foreign;
  end loop;
  if not v_foreign then return false; end if;
  foreach v_schema in array v_schemas loop
    execute format('update %I.outbox set xid = %L', v_schema, '0');
  end loop;
  delete from platform.bus_cursors;
  delete from platform.bus_retries;
  return true;
end $$;
