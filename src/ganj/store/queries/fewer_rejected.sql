-- The oldest of each source go; they stay in the log.
delete from rejected
where rowid not in (
    select rowid
    from rejected
    qualify row_number() over (partition by source order by received desc, id) <= $most
)
