-- Rows equal to an earlier row of the same import, with the identity their number gives them.
create or replace temp table surplus as
select row, content, md5(content::varchar || '/' || occurrence)::uuid as id
from (
    select row, content, row_number() over (partition by content order by row) as occurrence
    from read_parquet($staged)
    where content in (select content from read_parquet($staged) group by content having count(*) > 1)
)
where occurrence > 1
