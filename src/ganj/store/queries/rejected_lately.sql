-- Of each source: how many are kept, and how many of them came lately.
select source, count(*), count(*) filter (received > $since) from rejected group by source
