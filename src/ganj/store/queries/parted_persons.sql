create or replace temp table changed as select origin, customer from persons
