-- Whether an import tells of orders that were cancelled before they were paid.
select count(*) from read_parquet($staged) where event = $cancel and amount = 0
