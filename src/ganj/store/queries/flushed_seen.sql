-- Files of identities that are in another now.
delete from seen_files where file in (select unnest($gone));
