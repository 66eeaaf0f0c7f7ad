-- Identities that lie in a file now.
delete from seen;
delete from seen_files where file in (select unnest($gone));
