-- @name known_keys
select key_id, public_key from code_keys

-- @name keep_keys
insert into code_keys (key_id, public_key)
select key_id, public_key from unnest(:key_ids::text[], :public_keys::text[]) as given (key_id, public_key)
on conflict (key_id) do nothing
