-- @name refund_by_id
select * from refund_rows where id = :id

-- @name refund_by_ref
select * from refund_rows where provider_ref = :provider_ref or earlier_refs @> array[:provider_ref]
