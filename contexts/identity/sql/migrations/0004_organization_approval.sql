-- Where an admin approves organizations, an unapproved one may draft but not publish. Those that exist are approved.
alter table organizations add column approved_at timestamptz, add column approved_by text references users;
update organizations set approved_at = created_at;
create index on organizations (id) where approved_at is null;
