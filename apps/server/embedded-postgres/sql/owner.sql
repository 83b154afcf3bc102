-- The product's role: it may create roles, and has no superuser rights.
do $$ begin
  if not exists (select from pg_roles where rolname = 'tessera') then
    create role tessera login createrole;
  end if;
end $$;
alter role tessera set createrole_self_grant to 'set, inherit';
alter database postgres owner to tessera;

-- Databases of earlier versions belong to the superuser. Transfers the product's objects and roles to the
-- owner; PostgreSQL's own and those of extensions stay.
do $$
declare
  v_role text;
  v_schema text;
  v_statement text;
begin
  for v_role in select rolname from pg_roles where rolname like 'tessera\_%' loop
    execute format('grant %I to tessera with admin true, inherit true, set true', v_role);
  end loop;
  for v_statement in
    select format('alter schema %I owner to tessera', n.nspname)
    from pg_namespace n where n.nspowner = 'postgres'::regrole and n.nspname !~ '^(pg_|information_schema|public)'
    union all
    select format('alter %s %I.%I owner to tessera',
      case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
      n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relowner = 'postgres'::regrole and c.relkind in ('r', 'p', 'v', 'm', 'S')
      and n.nspname !~ '^(pg_|information_schema)'
      -- Sequences of columns and objects of extensions follow their table and extension.
      and not exists (select from pg_depend d 
        where d.objid = c.oid and (d.deptype = 'e' or c.relkind = 'S' and d.deptype in ('a', 'i')))
    union all
    select format('alter routine %s owner to tessera', p.oid::regprocedure)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.proowner = 'postgres'::regrole and n.nspname !~ '^(pg_|information_schema)'
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select format('alter %s %I.%I owner to tessera', case t.typtype when 'd' then 'domain' else 'type' end, n.nspname, t.typname)
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typowner = 'postgres'::regrole and t.typtype in ('c', 'd', 'e') and n.nspname !~ '^(pg_|information_schema)'
      and not exists (select from pg_class c where c.oid = t.typrelid and c.relkind <> 'c')
  loop
    execute v_statement;
  end loop;
  -- Default privileges depend on the creator of an object: the owner's migrations continue with the
  -- superuser's.
  for v_schema in
    select n.nspname from pg_namespace n join pg_roles r on r.rolname = 'tessera_' || n.nspname
  loop
    execute format('alter default privileges for role tessera in schema %I grant select, insert, update, delete on tables to %I',
      v_schema, 'tessera_' || v_schema);
    execute format('alter default privileges for role tessera in schema %I grant usage, select on sequences to %I',
      v_schema, 'tessera_' || v_schema);
    execute format('alter default privileges for role tessera in schema %I grant select on tables to tessera_auditor', v_schema);
  end loop;
end $$;
