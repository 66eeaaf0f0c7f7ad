-- The people to compare, where Splink finds them.
create or replace table people as select * from comparable
