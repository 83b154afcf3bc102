-- The server processes of this installation, on whatever machine. Each writes its row twice a second.
create table platform.processes (
  process_id uuid primary key,
  host text not null,
  pid int not null,
  -- The session that writes the row: when it is gone, so is the process.
  backend_pid int not null,
  backend_start timestamptz,
  -- How many connections to PostgreSQL the process may open.
  connections int not null check (connections > 0),
  beat bigint not null default 0,
  registered_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  left_at timestamptz
);
