-- Every identifier of the import, numbered, with the customer it is known to belong to.
create or replace temp table marks as
with said as (
    select 'customer_id' as kind, customer_id as value, first, last from people
    union all select 'email', email, first, last from people
    union all select 'phone', phone, first, last from people
    union all select 'national_code', national_code, first, last from people
    union all select 'account', account, first, last from people
)
select
    kind, value, min(said.first) as first, max(said.last) as last,
    row_number() over (order by kind, value) - 1 as mark,
    any_value(identifiers.customer) as customer
from said left join identifiers using (kind, value)
where value is not null
group by kind, value
