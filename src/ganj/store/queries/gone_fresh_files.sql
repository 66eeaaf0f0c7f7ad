delete from fresh_files where file in (select file from told)
