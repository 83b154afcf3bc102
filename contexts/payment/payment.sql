-- @name payment_by_id
select * from payment_rows where id = :id
