-- @name insert_guest
insert into users (id, role) values (:user_id, 'guest')
