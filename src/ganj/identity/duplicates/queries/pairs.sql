-- Every pair of people with a key in common, once; as Splink names them.
create or replace table pairs as
with shared as (
    select id, key from keys semi join blocks using (key)
),
found as (
    select distinct l.id::bigint << 32 | r.id as pair
    from shared as l
    join shared as r on l.key = r.key and l.id < r.id
)
select '0' as match_key, (pair >> 32)::integer as join_key_l, (pair & 4294967295)::integer as join_key_r
from found
order by pair
