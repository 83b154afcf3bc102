-- What a schema holds, for its schema.md. Each block answers in the order it is printed in.

-- @name columns
select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
  a.attnotnull as not_null,
  case
    when a.attidentity <> '' then 'identity'
    when a.attgenerated <> '' then 'generated: ' || pg_get_expr(d.adbin, d.adrelid)
    else pg_get_expr(d.adbin, d.adrelid)
  end as default_text
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = :schema
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relkind in ('r', 'p')
order by c.relname, a.attnum

-- @name constraints
select c.relname as table_name, pg_get_constraintdef(k.oid, true) as definition
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace and n.nspname = :schema
where k.contype <> 'n'
order by c.relname, array_position('{p,u,x,f,c}'::"char"[], k.contype), 2

-- @name indexes
select c.relname as table_name,
  regexp_replace(pg_get_indexdef(i.indexrelid, 0, true), '^CREATE (UNIQUE )?INDEX \S+ ON \S+ USING ', '\1') as definition
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace and n.nspname = :schema
where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
order by c.relname, 2

-- @name policies
select c.relname as table_name, p.polname as name, pg_get_expr(p.polqual, p.polrelid) as using_text,
  array(select rolname::text from pg_roles where oid = any (p.polroles) order by 1) as roles
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace and n.nspname = :schema
order by c.relname, p.polname

-- @name functions
select f.proname as name, pg_get_function_identity_arguments(f.oid) as arguments, pg_get_function_result(f.oid) as result
from pg_proc f
join pg_namespace n on n.oid = f.pronamespace and n.nspname = :schema
order by 1, 2
