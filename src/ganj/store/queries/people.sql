-- Every combination of identifiers, in order of first appearance.  An account stands for a customer
-- only where nobody is named.
create or replace temp table people as
select
    customer_id, email, phone, national_code,
    case when coalesce(customer_id, email, phone, national_code) is null then account end as account,
    min(row) as row, min(time) as first, max(time) as last
from unseen($staged)
group by all
having coalesce(customer_id, email, phone, national_code, account) is not null
