-- The runs in which events of some origins may lie.
with places as (
    select origin as lies from told
    union
    select placed.customer from told join placed using (origin)
)
select distinct runs.file, runs.bucket
from runs join places on runs.bucket = case when lies < 0 then $buckets else lies % $buckets end
order by all
