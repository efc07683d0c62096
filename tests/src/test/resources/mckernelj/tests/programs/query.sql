create table t(id integer primary key, name text, x real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) insert into t select i, 'name ' || (i * 7919 % 1009), i / 3.0 from n;
create index by_name on t(name);
select count(*), sum(id), round(avg(x), 6), min(name), max(name) from t;
select id, name from t where name like '%99%' order by name, id limit 10;
select name, count(*) from t group by name having count(*) > 1 order by 2 desc, 1 limit 5;
select hex('abc'), upper('abc'), length('ünïcödé'), date('2026-01-31', '+1 month');
.mode line
select 1 as one, 'two' as two;
select nonsense;
