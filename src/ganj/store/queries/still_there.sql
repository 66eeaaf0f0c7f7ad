-- How many of some files of fresh events, and of some runs, are still in use.
select
    (select count(*) from fresh_files where list_contains($files::varchar[], file)),
    (select count(*) from runs where list_contains($runs::varchar[], file))
