-- @name insert_user
insert into users (id, email, first_name, last_name, role)
values (:user_id, :email, :first_name, :last_name, 'attendee')
on conflict (email) do nothing
returning id

-- @name insert_credentials
insert into credentials (user_id, password_hash) values (:user_id, :password_hash)
