-- @name make_admin
update users set role = 'admin' where email = :email::text and role <> 'guest'
returning id
