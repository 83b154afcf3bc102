-- @name admit_scans
select * from admit_scans(:code_ids::uuid[], :performance_ids::text[], :checkin_ids::text[], :staff_user_ids::text[],
  :gates::text[], :device_ids::text[], :scanned_ats::timestamptz[], :idempotency_keys::text[], :body_hashes::text[])
