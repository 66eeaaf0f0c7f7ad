-- What the import brought, before it is stored.
select
    (select count(*) from read_parquet($staged))::bigint as staged,
    (select count(*) from left_out)::bigint as duplicates,
    (select count(*) from surplus anti join left_out using (row, content))::bigint as identical,
    count(distinct "order") filter (
        event in ($refund, $cancel)
    )::bigint as cancelled,
    count(*) filter (
        event is not null
        and coalesce(customer_id, email, phone, national_code, account) is null
    )::bigint as without_customer,
    (select count(distinct customer) from assigned where customer >= 0)::bigint as customers,
    count(distinct "order") filter (event is not null)::bigint as orders,
    coalesce(round(fsum(amount) filter (event is not null), 6), 0) as amount,
    min(time) filter (event is not null) as first,
    max(time) filter (event is not null) as last
from unseen($staged)
