-- The oldest go when there are too many; they stay in the log.
delete from rejected
where
    (select count(*) from rejected) > $most
    and id not in (select id from rejected order by received desc, id limit $most)
