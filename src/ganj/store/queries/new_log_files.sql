insert into log_files
select stem, max(position), false from told where stem not in (select stem from log_files) group by stem order by stem
