-- The oldest of a source go when it has many too many; they stay in the log.
delete from rejected
where
    source in (select source from rejected group by source having count(*) > $most + $slack)
    and id not in (
        select id
        from rejected
        qualify row_number() over (partition by source order by received desc, id) <= $most
    )
