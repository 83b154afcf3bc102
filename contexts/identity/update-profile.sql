-- @name update_names
update users set
  first_name = coalesce(:first_name::text, first_name),
  last_name = coalesce(:last_name::text, last_name)
where id = :user_id
